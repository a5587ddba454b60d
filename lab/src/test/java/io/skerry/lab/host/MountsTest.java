package io.skerry.lab.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MountsTest {
    private static final String MOUNTINFO = """
            21 1 254:0 / / rw,relatime - ext4 /dev/vda rw
            31 21 0:30 / /lab/devices/a/merged rw - overlay overlay rw
            32 31 0:31 / /lab/devices/a/merged/run rw - tmpfs tmpfs rw
            33 21 0:32 / /lab/devices/ab rw - tmpfs tmpfs rw
            34 21 0:33 / /lab/with\\040space/x rw - tmpfs tmpfs rw
            """;

    @Test
    void thoseMountedLastComeFirst() {
        assertThat(Mounts.below(Path.of("/lab/devices/a"), MOUNTINFO))
                .containsExactly(Path.of("/lab/devices/a/merged/run"), Path.of("/lab/devices/a/merged"));
    }

    @Test
    void namesWithSpacesAreRead() {
        assertThat(Mounts.below(Path.of("/lab/with space"), MOUNTINFO)).containsExactly(Path.of("/lab/with space/x"));
    }
}
