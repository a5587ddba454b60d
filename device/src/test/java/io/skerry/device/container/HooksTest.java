package io.skerry.device.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.device.host.HostCommand;
import io.skerry.device.host.HostCommands;
import org.junit.jupiter.api.Test;

class HooksTest {
    private static String ending(String script) {
        return Hooks.ending(new HostCommands().run(HostCommand.of("sh", "-c", script)));
    }

    @Test
    void tellsTheCodeAndTheLastLines() {
        assertThat(ending("exit 4")).isEqualTo("ended with 4");
        assertThat(ending("for i in 1 2 3 4 5 6 7; do echo $i; done; echo; echo no good >&2; exit 1"))
                .isEqualTo("ended with 1: 4 / 5 / 6 / 7 / no good");
    }

    @Test
    void keepsTheEndOfWhatIsTooLong() {
        assertThat(ending("head -c 5000 /dev/zero | tr '\\0' x; printf '\\033end'; exit 1"))
                .hasSizeLessThan(440)
                .startsWith("ended with 1: …x")
                .endsWith("x?end");
    }
}
