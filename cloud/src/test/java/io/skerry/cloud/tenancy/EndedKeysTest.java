package io.skerry.cloud.tenancy;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.graphql.FleetFixture;
import io.skerry.cloud.storage.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of keys that aren't good any more. */
@Tag(TestDatabase.TAG)
class EndedKeysTest {
    @TempDir
    Path folder;

    private FleetFixture fleet;
    private String customer;

    @BeforeEach
    void open() {
        fleet = FleetFixture.withoutImages(folder);
        customer = fleet.customer("north");
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    @Test
    void revokedAndExpiredKeysAreForgottenAMonthLaterAndLastingOnesNever() {
        NewApiKey lasting = key(Optional.empty());
        NewApiKey revoked = key(Optional.empty());
        key(Optional.of(Duration.ofHours(1)));
        fleet.keys.revoke(revoked.apiKeyId(), FleetFixture.TESTER);

        fleet.later(ApiKeys.KEPT.minusMinutes(5));
        fleet.keys.forgetOld();
        assertThat(fleet.keysOf(customer)).hasSize(3);

        fleet.later(Duration.ofDays(1));
        fleet.keys.forgetOld();

        assertThat(fleet.keysOf(customer)).extracting(ApiKey::apiKeyId).containsExactly(lasting.apiKeyId());
        assertThat(fleet.keys.callerOf(lasting.secret())).isPresent();
    }

    private NewApiKey key(Optional<Duration> valid) {
        return fleet.keys.create(
                new KeyGrant(Optional.of(customer), "key", Role.VIEWER, Optional.empty(), valid),
                Caller.everything(FleetFixture.TESTER));
    }
}
