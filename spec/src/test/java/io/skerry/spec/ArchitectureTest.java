package io.skerry.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchitectureTest {
    @ParameterizedTest
    @CsvSource({
        "AMD64, amd64, '', true",
        "AMD64, arm64, '', false",
        "ARMHF, arm, v7, true",
        "ARMHF, arm, v6, true",
        "ARMHF, arm, v8, false",
        "ARMHF, arm, '', true",
        "ARMHF, arm64, v8, false",
        "ARM64, arm64, v8, true",
        "ARM64, arm64, '', true",
        "ARM64, arm, v7, false"
    })
    void runsImagesOfItsOwnPlatformOnly(Architecture device, String architecture, String variant, boolean runs) {
        assertThat(device.runs(architecture, variant)).isEqualTo(runs);
    }

    @ParameterizedTest
    @CsvSource({"amd64, AMD64", "armhf, ARMHF", "arm64, ARM64"})
    void isNamedByTheWordsOfTheFleetApi(String word, Architecture architecture) {
        assertThat(Architecture.of(word)).isEqualTo(architecture);
        assertThat(architecture.word()).isEqualTo(word);
    }

    @Test
    void refusesUnknownWordAndNamesTheKnownOnes() {
        assertThatThrownBy(() -> Architecture.of("mips"))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().sentence()).contains("mips", "amd64, armhf, arm64"));
    }
}
