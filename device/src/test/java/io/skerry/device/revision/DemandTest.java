package io.skerry.device.revision;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.spec.desired.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class DemandTest {
    @TempDir
    Path data;

    @Test
    @Timeout(30)
    void whatBeganWhileOrdersWereHeardHasBegun() throws Exception {
        Demand demand = demand();
        var begun = new AtomicBoolean();
        var seen = new AtomicBoolean();
        Thread engine = Thread.ofPlatform()
                .unstarted(() -> demand.admission(
                        Workload.EMPTY,
                        () -> {
                            seen.set(begun.get());
                            return Optional.empty();
                        },
                        Workload.EMPTY));

        demand.together(() -> {
            engine.start();
            while (engine.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            begun.set(true);
        });
        engine.join();

        assertThat(seen).isTrue();
    }

    private Demand demand() {
        RevisionStore store = RevisionStore.open(data);
        FakeVolumes volumes = new FakeVolumes();
        Hands hands = new Hands(new FakeImages(), new FakeContainers(volumes), volumes, new FakeMachine());
        return new Demand(
                Parts.open(data),
                new Outcomes(store),
                new Shortages(Ticker.system()),
                new OpenTimes(store, hands, Optional::empty, Duration.ZERO));
    }
}
