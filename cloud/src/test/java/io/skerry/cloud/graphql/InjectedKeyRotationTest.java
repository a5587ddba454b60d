package io.skerry.cloud.graphql;

import static io.skerry.cloud.graphql.FleetFixture.code;
import static io.skerry.cloud.graphql.FleetFixture.data;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.storage.TestDatabase;
import io.skerry.cloud.tenancy.Caller;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** When an injected key takes the place of another. */
@Tag(TestDatabase.TAG)
class InjectedKeyRotationTest extends InjectedKeyScene {
    @Test
    void anEarlierKeyIsGoodUntilTheDeviceHasTakenUpTheNextOne() {
        String id = injected("");
        takenUp(false);
        String first = secret();

        data(rotating(id, ""));
        String second = secret();
        fleet.rotation.keepUp();

        assertThat(second).isNotEqualTo(first);
        assertThat(good(first)).isTrue();
        assertThat(good(second)).isTrue();

        takenUp(false);
        fleet.rotation.keepUp();

        assertThat(good(first)).isFalse();
        assertThat(good(second)).isTrue();
        assertThat(listed()).contains("earlier=[]");
    }

    @Test
    void aContainerThatKeptItsOldFormKeepsItsKey() {
        String id = injected("");
        String first = secret();
        data(rotating(id, ""));

        takenUp(true);
        fleet.rotation.keepUp();

        assertThat(good(first)).isTrue();
    }

    @Test
    void aKeyThatSomebodyRevokedIsNotMadeAnewByItself() {
        injected(", rotate_minutes: 60");
        takenUp(false);
        String first = secret();
        fleet.keys.revoke(caller(first).orElseThrow().apiKeyId(), FleetFixture.TESTER);

        fleet.later(Duration.ofMinutes(61));
        fleet.rotation.keepUp();

        assertThat(secret()).isEqualTo(first);
        assertThat(good(first)).isFalse();
    }

    @Test
    void anEarlierKeyIsRevokedAtItsLimitWhetherTheDeviceIsThereOrNot() {
        String id = injected(", overlap_minutes: 120");
        String first = secret();
        data(rotating(id, ""));

        fleet.later(Duration.ofMinutes(119));
        fleet.rotation.keepUp();
        assertThat(good(first)).isTrue();

        fleet.later(Duration.ofMinutes(2));
        fleet.rotation.keepUp();
        assertThat(good(first)).isFalse();
        assertThat(good(secret())).isTrue();
    }

    @Test
    void withoutOverlapWhateverWasGoodBeforeIsRevokedAtOnce() {
        String id = injected("");
        String first = secret();
        data(rotating(id, ""));
        String second = secret();

        data(rotating(id, ", overlap_minutes: 0"));

        assertThat(good(first)).isFalse();
        assertThat(good(second)).isFalse();
        assertThat(good(secret())).isTrue();
    }

    @Test
    void itIsRotatedByItselfWhenItsTimeHasComeAndOnlyOnceUntilTheDeviceHasTakenItUp() {
        injected(", rotate_minutes: 1440, overlap_minutes: 500000");
        takenUp(false);
        String first = secret();
        fleet.later(Duration.ofHours(23));
        fleet.rotation.keepUp();
        assertThat(secret()).isEqualTo(first);

        fleet.later(Duration.ofHours(2));
        fleet.rotation.keepUp();
        String second = secret();
        assertThat(second).isNotEqualTo(first);
        assertThat(audited()).contains("operation=injected-key.rotated, actor_kind=control-plane");

        fleet.later(Duration.ofDays(30));
        fleet.rotation.keepUp();
        assertThat(secret()).as("the device is away").isEqualTo(second);
        assertThat(good(first)).isTrue();

        takenUp(false);
        fleet.rotation.keepUp();
        assertThat(good(first)).isFalse();
        assertThat(secret()).as("its time has come again").isNotEqualTo(second);
    }

    @Test
    void howItIsRotatedCanBeChanged() {
        String id = injected(", rotate_minutes: 1440");
        data(fleet.ask(
                "mutation { DM_update_injected_api_key(injected_api_key_id: \"" + id + "\", overlap_minutes: 30) }"));
        assertThat(listed()).contains("rotate_minutes=1440, overlap_minutes=30");

        data(fleet.ask(
                "mutation { DM_update_injected_api_key(injected_api_key_id: \"" + id + "\", rotate_minutes: null) }"));
        assertThat(listed()).contains("rotate_minutes=null, overlap_minutes=30");
        String first = secret();
        fleet.later(Duration.ofDays(300));
        fleet.rotation.keepUp();
        assertThat(secret()).isEqualTo(first);
    }

    @Test
    void aDisabledInstanceKeepsTheKeyThatItHas() {
        String id = injected(", rotate_minutes: 60");
        String first = secret();
        data(fleet.ask("mutation { DM_update_node_service_instance_rollout_config(node_service_instance_ids: [\""
                + instance + "\"], version_target_selector: {value: \"disabled\"}) }"));

        assertThat(code(rotating(id, ""))).isEqualTo("injected-key.disabled");
        fleet.later(Duration.ofHours(2));
        fleet.rotation.keepUp();

        assertThat(good(first)).isTrue();
        assertThat(secret()).isEqualTo(first);
    }

    @Test
    void aDeviceThatIsAwayGathersNoKeysWithoutEnd() {
        String id = injected("");
        for (int i = 0; i < 9; i++) {
            data(rotating(id, ""));
        }

        assertThat(code(rotating(id, ""))).isEqualTo("injected-key.too-many");
        data(rotating(id, ", overlap_minutes: 0"));
        data(rotating(id, ""));
    }

    @Test
    void nobodyRotatesOrChangesAKeyThatHeCouldNotHaveMade() {
        Caller operator = made("operator", "");
        String id = injected(", role: operator");

        assertThat(code(fleet.askAs(
                        operator, "mutation { DM_rotate_injected_api_key(injected_api_key_id: \"" + id + "\") }")))
                .isEqualTo("authorization.role");
    }
}
