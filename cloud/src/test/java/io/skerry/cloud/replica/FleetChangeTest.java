package io.skerry.cloud.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.spec.desired.Position;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class FleetChangeTest {
    static final java.util.List<FleetChange> EACH = java.util.List.of(
            new FleetChange.Told("n1", new Position(2, 30)),
            new FleetChange.Enrolled("n1", "c1", "ab12"),
            new FleetChange.Removed("n1", "ab12"),
            new FleetChange.Reported("n1"),
            new FleetChange.KeyChanged("k1"));

    @ParameterizedTest
    @FieldSource("EACH")
    void eachIsReadAsItWasWritten(FleetChange change) {
        assertThat(change.row().change()).contains(change);
    }

    @Test
    void eachKindIsAmongTheExamples() {
        assertThat(FleetChange.class.getPermittedSubclasses()).hasSameSizeAs(EACH);
    }

    @Test
    void whatAnotherVersionOfSkerryWroteIsNotGuessedAt() {
        assertThat(new FleetChange.Row("moved", "n1", "").change()).isEmpty();
        assertThat(new FleetChange.Row("told", "n1", "2").change()).isEmpty();
        assertThat(new FleetChange.Row("enrolled", "n1", "c1").change()).isEmpty();
    }
}
