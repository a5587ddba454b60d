package io.skerry.cloud.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.graphql.FleetFixture;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.spec.wire.ClaimToken;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag(TestDatabase.TAG)
class ClaimTokensTest {
    @TempDir
    Path root;

    /** Says everything twice. */
    private static final class Stutter implements RandomGenerator {
        private final Random random = new Random(11);
        private byte[] last = {};

        @Override
        public void nextBytes(byte[] bytes) {
            if (last.length == 0) {
                last = new byte[bytes.length];
                random.nextBytes(last);
                System.arraycopy(last, 0, bytes, 0, bytes.length);
            } else {
                System.arraycopy(last, 0, bytes, 0, bytes.length);
                last = new byte[0];
            }
        }

        @Override
        public long nextLong() {
            throw new AssertionError("secrets are made of bytes");
        }
    }

    @Test
    void noTwoHaveTheSameId() {
        try (FleetFixture fleet = FleetFixture.withoutImages(root)) {
            var claims = new ClaimTokens(fleet.storage, fleet.time(), new Stutter(), fleet.audit, "0".repeat(64));
            var wanted =
                    new NewClaim(fleet.customer("north"), Optional.empty(), Optional.empty(), 1, Duration.ofHours(1));

            String one =
                    ClaimToken.parse(claims.create(wanted, FleetFixture.TESTER)).id();
            String two =
                    ClaimToken.parse(claims.create(wanted, FleetFixture.TESTER)).id();

            assertThat(two).isNotEqualTo(one);
        }
    }
}
