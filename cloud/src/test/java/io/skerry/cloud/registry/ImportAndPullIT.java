package io.skerry.cloud.registry;

import static io.skerry.cloud.graphql.FleetFixture.code;
import static io.skerry.cloud.graphql.FleetFixture.data;
import static io.skerry.cloud.graphql.FleetFixture.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.cloud.blob.TestContent;
import io.skerry.cloud.egress.EgressPolicy;
import io.skerry.cloud.egress.EgressTransport;
import io.skerry.cloud.egress.TrustedAuthorities;
import io.skerry.cloud.graphql.FleetFixture;
import io.skerry.cloud.graphql.LocalServer;
import io.skerry.cloud.service.TestImage;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.cloud.storage.TimeCursor;
import io.skerry.spec.Architecture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Out of a real registry, and back out of ours by a real client when the real registry is gone. */
@Tag(TestDatabase.TAG)
@Tag(TestContent.TAG)
class ImportAndPullIT {
    private final Path root;
    private final SourceRegistry source;
    private final EgressTransport transport;
    private final FleetFixture fleet;
    private final LocalServer server;
    private final String customer;
    private final String key;

    ImportAndPullIT(@TempDir Path root) throws Exception {
        this.root = root;
        source = new SourceRegistry(root.resolve("source"));
        transport = new EgressTransport(new EgressPolicy(true), TrustedAuthorities.systemAnd(root.resolve("ca")));
        fleet = new FleetFixture(root.resolve("cloud"), transport, Set.of(source.host()));
        server = new LocalServer(fleet, new ApiKeyAuthenticator(fleet.keys));
        customer = fleet.customer("acme");
        key = fleet.key(customer, "skopeo").secret();
    }

    @AfterEach
    void close() {
        server.close();
        fleet.close();
        transport.close();
        source.close();
    }

    private Map<String, @Nullable Object> importing(String reference, String password, String... architectures) {
        StringBuilder sources = new StringBuilder();
        for (String architecture : architectures) {
            sources.append("""
                    { arch: %s image_reference: "%s/%s"
                      authn: { registry_user: "dev" registry_pw: "%s" } }
                    """.formatted(architecture, source.host(), reference, password));
        }
        return fleet.ask("""
                mutation { DM_import_node_service(input: { customer_id: "%s"
                    node_service_input: { name: "web" } image_sources: [ %s ] }) }
                """.formatted(customer, sources));
    }

    private String pull(String reference, String... options) throws Exception {
        Path target = Files.createTempDirectory(root, "pulled");
        var command = new java.util.ArrayList<>(
                java.util.List.of("skopeo", "copy", "--src-tls-verify=false", "--src-creds", "x:" + key));
        command.addAll(java.util.List.of(options));
        command.add("docker://127.0.0.1:" + server.port() + "/" + customer + "/" + reference);
        command.add("oci:" + target + ":1");
        SourceRegistry.run(command.toArray(String[]::new));
        return Files.readString(target.resolve("index.json"));
    }

    @Test
    void everyVersionCanBePulledByTagAndDigestWhenTheSourceIsGone() throws Exception {
        var amd1 = TestImage.of(Architecture.AMD64, "one");
        var arm1 = TestImage.of(Architecture.ARMHF, "one for arm");
        var amd2 = TestImage.of(Architecture.AMD64, "two");
        source.push("edge/web:1", Map.of(Architecture.AMD64, amd1, Architecture.ARMHF, arm1));
        source.push("edge/web:2", Map.of(Architecture.AMD64, amd2));
        data(importing("edge/web:1", SourceRegistry.PASSWORD, "amd64", "armhf"));
        data(importing("edge/web:2", SourceRegistry.PASSWORD, "amd64"));
        source.close();

        assertThat(pull("web:1")).contains(amd1.digest().value());
        assertThat(pull("web:2")).contains(amd2.digest().value());
        assertThat(pull("web:latest")).contains(amd2.digest().value());
        assertThat(pull("web:1", "--override-arch", "arm", "--override-variant", "v7"))
                .contains(arm1.digest().value());
        assertThat(pull("web@" + arm1.digest())).contains(arm1.digest().value());
        assertThat(pull("web@" + amd1.digest())).contains(amd1.digest().value());
        String all = pull("web:1", "--all");
        assertThat(all).contains("image.index");
        assertThat(SourceRegistry.run(
                        "skopeo",
                        "list-tags",
                        "--tls-verify=false",
                        "--creds",
                        "x:" + key,
                        "docker://127.0.0.1:" + server.port() + "/" + customer + "/web"))
                .contains("\"1\"", "\"2\"", "\"latest\"");
        assertThatThrownBy(() -> pull("web:3")).hasMessageContaining("manifest unknown");
    }

    @Test
    void eachMistakeIsNamedAndChangesNothing() throws Exception {
        source.push("edge/web:1", Map.of(Architecture.AMD64, TestImage.of(Architecture.AMD64, "one")));

        var wrongPassword = importing("edge/web:1", "not-the-password", "amd64");
        assertThat(code(wrongPassword)).isEqualTo("registry.unauthorized");
        assertThat(message(wrongPassword)).contains(source.host()).doesNotContain("not-the-password");
        var missingTag = importing("edge/web:9", SourceRegistry.PASSWORD, "amd64");
        assertThat(code(missingTag)).isEqualTo("registry.not-found");
        var wrongArchitecture = importing("edge/web:1", SourceRegistry.PASSWORD, "arm64");
        assertThat(code(wrongArchitecture)).isEqualTo("image.architecture-missing");
        assertThat(message(wrongArchitecture)).contains("arm64").contains("amd64");
        source.close();
        assertThat(code(importing("edge/web:1", SourceRegistry.PASSWORD, "amd64")))
                .isEqualTo("registry.unreachable");

        assertThat(fleet.services.named(customer, "web")).isEmpty();
        assertThat(fleet.imports.newest(customer, 10, TimeCursor.BEGINNING).items())
                .hasSize(4)
                .allMatch(i -> i.problem().isPresent());
        int leaks = fleet.storage.read(h -> h.createQuery(
                        "SELECT COUNT(*) FROM imports WHERE problem LIKE '%not-the-password%' OR problem LIKE '%secret%'")
                .mapTo(Integer.class)
                .one());
        assertThat(leaks).isZero();
    }

    @Test
    void aPrivateRegistryIsRefusedUnlessTheInstallationAllowsIt() throws Exception {
        try (var strict =
                        new EgressTransport(new EgressPolicy(false), TrustedAuthorities.systemAnd(root.resolve("ca")));
                var other = new FleetFixture(root.resolve("strict"), strict, Set.of(source.host()))) {
            String acme = other.customer("acme");
            var answer = other.ask("""
                    mutation { DM_import_node_service(input: { customer_id: "%s" node_service_input: { name: "web" }
                        image_sources: [{ arch: amd64 image_reference: "%s/edge/web:1" }] }) }
                    """.formatted(acme, source.host()));
            assertThat(code(answer)).isEqualTo("egress.refused");
            assertThat(message(answer)).contains("127.0.0.1");
        }
    }
}
