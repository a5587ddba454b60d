package io.skerry.cloud.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.config.SealingKeys;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PendingTest {
    private static final long NOW = 1_800_000_000_000L;

    @TempDir
    Path folder;

    private final SecureRandom random = new SecureRandom();

    @Test
    void itComesBackAsItWentForTenMinutes() {
        SealingKeys keys = SealingKeys.open(folder, random, () -> false).apart("logins");
        Program program = Program.checked("http://[::1]:4711/login", "c".repeat(43), "s".repeat(43));
        Pending pending = Pending.begun(Optional.of("north"), Optional.of(program), random, NOW);

        String kept = pending.sealed(keys);

        assertThat(Pending.opened(kept, keys, NOW + 599_999)).contains(pending);
        assertThat(Pending.opened(kept, keys, NOW + 600_000)).isEmpty();
        assertThat(kept).doesNotContain(pending.state()).hasSizeLessThan(1500);
    }

    @Test
    void whatWasChangedOrIsAnotherPurposesDoesntOpen() {
        SealingKeys keys = SealingKeys.open(folder, random, () -> false);
        String kept =
                Pending.begun(Optional.empty(), Optional.empty(), random, NOW).sealed(keys.apart("logins"));

        assertThat(Pending.opened(kept, keys, NOW)).isEmpty();
        assertThat(Pending.opened(kept, keys.apart("others"), NOW)).isEmpty();
        assertThat(Pending.opened(kept.replaceFirst("....$", "AAAA"), keys.apart("logins"), NOW))
                .isEmpty();
        assertThat(Pending.opened("nonsense", keys.apart("logins"), NOW)).isEmpty();
        assertThat(Pending.opened("", keys.apart("logins"), NOW)).isEmpty();
        assertThat(Pending.opened("1." + "A".repeat(10_000), keys.apart("logins"), NOW))
                .isEmpty();
    }

    @Test
    void aLoginIsKnownByItsOwnStateAlone() {
        Pending pending = Pending.begun(Optional.empty(), Optional.empty(), random, NOW);

        assertThat(pending.isState(pending.state())).isTrue();
        assertThat(pending.isState("")).isFalse();
        assertThat(pending + "").doesNotContain(pending.state()).doesNotContain(pending.verifier());
    }
}
