package io.skerry.cli.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.spec.ProblemException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResolutionTest {
    private record Thing(String id, String name) {}

    private final List<Thing> things =
            List.of(new Thing("1", "quay"), new Thing("2", "buoy"), new Thing("3", "quay"), new Thing("quay-4", "2"));

    private Thing one(String wanted) {
        return Resolution.one("node", wanted, things, Thing::id, Thing::name);
    }

    @Test
    void anIdGoesBeforeAName() {
        assertThat(one("2").name()).isEqualTo("buoy");
        assertThat(one("buoy").id()).isEqualTo("2");
    }

    @Test
    void aNameOfSeveralIsRefusedWithTheirIds() {
        assertThatThrownBy(() -> one("quay")).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.code()).isEqualTo("usage.ambiguous");
            assertThat(e.problem().message()).contains("1, 3");
        });
    }

    @Test
    void anUnknownNameGetsTheNearestOnes() {
        assertThat(Resolution.notFound("node", "bouy", List.of("quay", "buoy")).sentence())
                .isEqualTo("There is no node 'bouy'. Did you mean buoy?");
        assertThat(Resolution.notFound("node", "lighthouse", List.of("quay")).remedy())
                .isEqualTo("See skerry node ls.");
    }

    @Test
    void onlyUuidsAreTakenForIds() {
        assertThat(Resolution.isId("0190dddd-0000-7000-8000-000000000001")).isTrue();
        assertThat(Resolution.isId("web")).isFalse();
    }
}
