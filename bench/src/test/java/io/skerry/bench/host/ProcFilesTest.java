package io.skerry.bench.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.spec.ProblemException;
import org.junit.jupiter.api.Test;

class ProcFilesTest {
    @Test
    void memoryIsReadFromTheRollup() {
        MemoryUse use = MemoryUse.parse("""
                55d0-7ffe ---p 00000000 00:00 0                          [rollup]
                Rss:               61440 kB
                Pss:               58368 kB
                Pss_Dirty:         33000 kB
                Pss_Anon:          32768 kB
                Pss_File:          25600 kB
                """);
        assertThat(use).isEqualTo(new MemoryUse(60, 57, 32));
    }

    @Test
    void processorTimeIsReadBehindANameWithBlanksAndBrackets() {
        assertThat(CpuTime.parse("12 (a) b) S 1 12 12 0 -1 4194560 900 0 0 0 150 50 0 0 20 0 9 0 123 0 0"))
                .isEqualTo(2.0);
    }

    @Test
    void thisProcessHasMemoryAndUsedTime() {
        long self = ProcessHandle.current().pid();
        assertThat(MemoryUse.of(self).proportional()).isPositive();
        assertThat(CpuTime.seconds(self)).isPositive();
    }

    @Test
    void aProcessThatIsGoneIsAProblem() {
        assertThatThrownBy(() -> MemoryUse.of(Long.MAX_VALUE)).isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> CpuTime.seconds(Long.MAX_VALUE)).isInstanceOf(ProblemException.class);
    }

    @Test
    void theMachineIsDescribedInOneLine() {
        assertThat(Machine.here().words())
                .contains(" cores (", "GB memory", "JDK")
                .doesNotContain("\n");
        assertThat(Machine.after("a: 1\nb:  two \n", "b:")).isEqualTo("two");
        assertThat(Machine.after("a: 1", "c:")).isEqualTo("unknown");
    }
}
