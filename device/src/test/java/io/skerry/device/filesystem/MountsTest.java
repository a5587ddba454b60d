package io.skerry.device.filesystem;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.device.host.HostCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountsTest {
    @TempDir
    Path folder;

    private Mounts mounts;

    @BeforeEach
    void write() throws IOException {
        Path real = folder.toRealPath();
        Files.createDirectories(real.resolve("a b/c"));
        Files.createDirectories(real.resolve("a bc"));
        Path info = folder.resolve("mountinfo");
        Files.writeString(info, """
                21 26 0:4 net:[4026532] F/a\\040b/c rw shared:5 master:1 - nsfs nsfs rw
                22 26 0:5 / F/a\\040b rw - ext4 /dev/loop0 rw
                23 26 0:6 / F/a\\040b rw - tmpfs tmpfs rw
                24 26 0:7 / F/a\\040bc rw - tmpfs tmpfs rw
                a line that says something else
                """.replace("F", real.toString()));
        mounts = new Mounts(new HostCommands(), info);
    }

    @Test
    void readsNamesWithSpacesAndTagsBeforeTheType() {
        assertThat(mounts.at(folder.resolve("a b/c"))).hasValueSatisfying(m -> {
            assertThat(m.type()).isEqualTo("nsfs");
            assertThat(m.root()).isEqualTo("net:[4026532]");
        });
    }

    @Test
    void givesTheTopmostOfSeveralAtOnePlace() {
        assertThat(mounts.at(folder.resolve("a b")))
                .hasValueSatisfying(m -> assertThat(m.type()).isEqualTo("tmpfs"));
    }

    @Test
    void findsWhatIsBelowAFolderButNotWhatOnlyBeginsAsItsName() {
        assertThat(mounts.under(folder.resolve("a b"))).hasSize(3);
        assertThat(mounts.under(folder.resolve("a"))).isEmpty();
    }

    @Test
    void findsAPlaceThatIsReachedByALink() throws IOException {
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("a b"));

        assertThat(mounts.at(folder.resolve("link/c"))).isPresent();
    }
}
