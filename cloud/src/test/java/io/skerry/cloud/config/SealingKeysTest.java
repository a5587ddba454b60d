package io.skerry.cloud.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealingKeysTest {
    private static final byte[] SECRET = "the key of the house".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    private SealingKeys open() {
        return SealingKeys.open(folder, new SecureRandom(), () -> false);
    }

    private static String refused(Runnable work) {
        return catchThrowableOfType(ProblemException.class, work::run).code();
    }

    @Test
    void whatWasSealedOpensAfterARestartAndShowsNothing() {
        String sealed = open().seal(SECRET, "here");

        assertThat(open().open(sealed, "here")).isEqualTo(SECRET);
        assertThat(sealed).startsWith("1.").isNotEqualTo(open().seal(SECRET, "here"));
        assertThat(new String(Base64.getDecoder().decode(sealed.substring(2)), StandardCharsets.ISO_8859_1))
                .doesNotContain("house");
    }

    @Test
    void theFirstKeyIsMadeForItsOwnerAlone() throws IOException {
        open();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("1.key"))))
                .isEqualTo("rw-------");
    }

    @Test
    void noFirstKeyIsMadeWhereSomethingIsSealedWithALostOne() {
        assertThat(refused(() -> SealingKeys.open(folder, new SecureRandom(), () -> true)))
                .isEqualTo("sealing.key-missing");

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aFolderThatIsNotThereIsAProblemOfTheDisk() {
        assertThat(refused(() -> SealingKeys.open(folder.resolve("gone"), new SecureRandom(), () -> false)))
                .isEqualTo("disk.failed");
    }

    @Test
    void whatIsNotEvenSealedIsBroken() {
        SealingKeys keys = open();

        for (String kept :
                List.of("", ".", "1.", "1.AAAA", "1.no base64", "x.AAAA", "-1.AAAA", "99999999999.AAAA", "1")) {
            assertThat(refused(() -> keys.open(kept, "here"))).as(kept).isEqualTo("sealing.broken");
        }
    }

    @Test
    void aKeyThatIsAddedSealsFromThenOnAndTheOlderOneStillOpens() throws IOException {
        String old = open().seal(SECRET, "here");
        Files.writeString(folder.resolve("2.key"), Base64.getEncoder().encodeToString(new byte[32]) + "\n");

        SealingKeys keys = open();

        assertThat(keys.seal(SECRET, "here")).startsWith("2.");
        assertThat(keys.open(old, "here")).isEqualTo(SECRET);
    }

    @Test
    void whatIsChangedPutElsewhereOrLacksItsKeyDoesNotOpen() throws IOException {
        SealingKeys keys = open();
        String sealed = keys.seal(SECRET, "here");
        byte[] bytes = Base64.getDecoder().decode(sealed.substring(2));
        bytes[20] ^= 1;
        String changed = "1." + Base64.getEncoder().encodeToString(bytes);

        assertThat(refused(() -> keys.open(changed, "here"))).isEqualTo("sealing.broken");
        assertThat(refused(() -> keys.open(sealed, "there"))).isEqualTo("sealing.broken");
        assertThat(refused(() -> keys.open("7" + sealed.substring(1), "here"))).isEqualTo("sealing.key-missing");
        Files.writeString(folder.resolve("1.key"), "short");
        assertThat(refused(this::open)).isEqualTo("sealing.key-unreadable");
    }
}
