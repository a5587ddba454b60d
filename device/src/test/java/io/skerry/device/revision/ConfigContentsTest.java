package io.skerry.device.revision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigContentsTest {
    private static final byte[] ONE = "one".getBytes(StandardCharsets.UTF_8);
    private static final byte[] TWO = "two".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path data;

    private static Map<Digest, byte[]> of(byte[] content) {
        return Map.of(Digest.of(content), content);
    }

    private byte[] read(byte[] content) {
        return new ConfigContents(data).read(Digest.of(content), "web", "/etc/key");
    }

    private void assertMissing(byte[] content) {
        assertThatThrownBy(() -> read(content))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo("container.config-missing"));
    }

    @Test
    void whatIsKeptIsThereForALaterDaemon() {
        new ConfigContents(data).keep(of(ONE));

        assertThat(read(ONE)).isEqualTo(ONE);
        assertMissing(TWO);
    }

    @Test
    void whatNobodyNeedsIsRemovedButNotWhatTheNewestDocumentBrought() {
        var contents = new ConfigContents(data);
        contents.keep(of(ONE));
        contents.keep(of(TWO));

        contents.keepOnly(Set.of(Digest.of(ONE)));
        assertThat(read(ONE)).isEqualTo(ONE);
        contents.keepOnly(Set.of());

        assertMissing(ONE);
        assertThat(read(TWO)).isEqualTo(TWO);
    }

    @Test
    void aDeviceThatNeverHadAnyHasNoFolderForThem() {
        var contents = new ConfigContents(data);
        contents.keep(Map.of());
        contents.keepOnly(Set.of());

        assertThat(data).isEmptyDirectory();
    }

    @Test
    void whatTheDiskHasSpoiltCountsAsMissing() throws IOException {
        new ConfigContents(data).keep(of(ONE));
        Files.writeString(data.resolve("config").resolve(Digest.of(ONE).hex()), "eno");

        assertMissing(ONE);
    }

    @Test
    void whatTheDiskHasSpoiltIsWrittenAgainWhenItComesAgain() throws IOException {
        new ConfigContents(data).keep(of(ONE));
        Files.write(data.resolve("config").resolve(Digest.of(ONE).hex()), new byte[] {0});

        new ConfigContents(data).keep(of(ONE));

        assertThat(read(ONE)).isEqualTo(ONE);
    }
}
