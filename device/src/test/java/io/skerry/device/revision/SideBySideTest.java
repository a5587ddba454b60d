package io.skerry.device.revision;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.device.revision.Step.Why;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SideBySideTest {
    private static Step.ConfigureNetwork network(String name) {
        return new Step.ConfigureNetwork(name, Slot.MAIN, Why.BOOT);
    }

    private static Step.Start start(String name) {
        return new Step.Start(name, Slot.MAIN, Why.BOOT);
    }

    private static Step.Reach reach(String... names) {
        return new Step.Reach("", List.of(names), Slot.MAIN, 30, Why.BOOT);
    }

    @Test
    void containersOfOneLevelAreStartedSideBySideEachAfterItsOwnNetwork() {
        List<Step> steps = List.of(network("a"), start("a"), network("b"), start("b"), reach("a", "b"));

        assertThat(SideBySide.stretches(steps))
                .containsExactly(
                        List.of(List.of(network("a"), start("a")), List.of(network("b"), start("b"))),
                        List.of(List.of(reach("a", "b"))));
    }

    @Test
    void whatNeedsAnotherContainerIsStartedAfterThatOnesGoal() {
        List<Step> steps = List.of(start("db"), reach("db"), start("app"), reach("app"));

        assertThat(SideBySide.stretches(steps))
                .containsExactly(
                        List.of(List.of(start("db"))),
                        List.of(List.of(reach("db"))),
                        List.of(List.of(start("app"))),
                        List.of(List.of(reach("app"))));
    }

    @Test
    void whatIsStoppedOrPutBackIsSoByItself() {
        Step.Stop stop = new Step.Stop("a", Slot.MAIN, Why.GOES_BACK);
        Step.Stop other = new Step.Stop("b", Slot.MAIN, Why.GOES_BACK);
        Step.Restore restore = new Step.Restore("a", "data", Why.GOES_BACK);

        assertThat(SideBySide.stretches(List.of(stop, other, restore, start("a"))))
                .containsExactly(
                        List.of(List.of(stop)),
                        List.of(List.of(other)),
                        List.of(List.of(restore)),
                        List.of(List.of(start("a"))));
    }
}
