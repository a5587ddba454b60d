package io.skerry.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.spec.ProblemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalPlanTest {
    @TempDir
    Path data;

    @Test
    void saysSoWhenNoDaemonHasLookedYet() {
        assertThatThrownBy(() -> LocalPlan.read(data, Optional.empty(), Optional.empty()))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo("plan.nothing-seen"));
        assertThat(data).isEmptyDirectory();
    }

    @Test
    void refusesAWorkloadThatCannotBeReadNamingTheFile() throws Exception {
        Path file = Files.writeString(data.resolve("wanted.json"), "{\"containers\": 7}");

        assertThatThrownBy(() -> LocalPlan.read(data, Optional.of(file.toString()), Optional.empty()))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.code()).isEqualTo("json.malformed");
                    assertThat(e.problem().message()).contains(file.toString());
                });
    }
}
