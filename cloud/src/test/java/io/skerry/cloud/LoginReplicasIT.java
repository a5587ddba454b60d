package io.skerry.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.skerry.cloud.login.LoginClaim;
import io.skerry.cloud.login.LoginRules;
import io.skerry.cloud.login.NewLoginRule;
import io.skerry.cloud.storage.PostgresAddress;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.cloud.tenancy.Actor;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.cloud.tenancy.Role;
import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People log in where two control planes are on one database. */
@Tag(TestDatabase.POSTGRESQL)
class LoginReplicasIT {
    private static final Caller ADMIN = Caller.everything(Actor.CONTROL_PLANE);

    @Test
    void aLoginThatBeganAtOneEndsAtTheOtherAndIsGoodAtBoth(@TempDir Path root) throws Exception {
        PostgresAddress database = TestDatabase.of(root).orElseThrow();
        try (var provider = new ProviderProcess(root);
                var a = new TestCloud(local(root, "a", database).knowing(provider.settings()));
                var b = new TestCloud(local(root, "b", database).knowing(provider.settings(url(a))));
                var browser = new TestBrowser(a.cloud.authorityFile(), provider.authority())) {
            provider.start(url(a) + "/login/callback");
            SharedParts parts = a.cloud.parts();
            var rules = new LoginRules(parts.storage(), parts.ids(), parts.time(), parts.apiKeys(), parts.audit());
            String rule = rules.create(new NewLoginRule(Optional.empty(), LoginClaim.SUB, "ada", Role.ADMIN), ADMIN);

            // A load balancer gives the way back to the other one.
            browser.stop = Optional.of(url(a) + "/login/callback");
            String back = browser.logsIn(url(a) + "/login", "ada").at().toString();
            browser.opens(back.replace(url(a).toString(), url(b).toString()));

            String key = Objects.requireNonNull(browser.cookies.get("__Host-skerry-session"));
            assertThat(key).startsWith("skk_");
            assertThat(b.cloud.parts().apiKeys().callerOf(key)).isPresent();
            await().until(() -> parts.apiKeys().callerOf(key).isPresent());
            rules.remove(rule, ADMIN);
            await().until(() -> b.cloud.parts().apiKeys().callerOf(key).isEmpty());
        }
    }

    private static CloudSettings local(Path root, String name, PostgresAddress database) {
        return CloudSettings.local(root.resolve(name)).on(database).sharing(root.resolve("shared"));
    }

    private static URI url(TestCloud cloud) {
        return URI.create("https://localhost:" + cloud.cloud.operatorsPort());
    }
}
