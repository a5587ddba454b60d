package io.skerry.cloud.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.registry.ApiKeyAuthenticator;
import io.skerry.cloud.service.MemoryRegistry;
import io.skerry.cloud.storage.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The audits of the specification of GraphQL over HTTP, by those who keep them (npm's graphql-http). */
@Tag(TestDatabase.TAG)
class GraphQlHttpAuditTest {
    @Test
    void allThatIsAMustOrAShouldIsKept(@TempDir Path root) throws Exception {
        try (var fleet = new FleetFixture(root, new MemoryRegistry(), Set.of());
                var server = new LocalServer(fleet, new ApiKeyAuthenticator(fleet.keys))) {
            String key = fleet.keyOfInstallation("audits").secret();
            List<String> audits = NodePrograms.run(
                    "graphql-http-audits.mjs",
                    Map.of("SKERRY_API_KEY", key),
                    server.at("/graphql").toString());
            assertThat(audits).hasSizeGreaterThan(50).allMatch(line -> line.startsWith("ok\t") || mayBeSo(line));
        }
    }

    /** What the specification leaves to the server. */
    private static boolean mayBeSo(String audit) {
        return audit.startsWith("notice\tMAY ");
    }
}
