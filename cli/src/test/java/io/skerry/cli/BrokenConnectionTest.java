package io.skerry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a change whose answer doesn't arrive. */
class BrokenConnectionTest {
    @TempDir
    private Path settings;

    private FakeCloud cloud;
    private Operator operator;

    @BeforeEach
    void start() throws IOException {
        cloud = FakeCloud.plain()
                .answering("Authz_get_customers", Sample.harbour())
                .answering("Authz_get_groups", Sample.page("groups", null))
                .answering("Authz_create_group", "0190eeee-0000-7000-8000-000000000001");
        operator = Operator.of(cloud, settings);
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private List<String> keys() {
        return cloud.idempotencyKeys().stream().flatMap(Optional::stream).toList();
    }

    @Test
    void itIsSentAgainWithTheSameIdempotencyKey() {
        cloud.breaking(2);
        assertThat(operator.runs("group", "add", "trams").code()).isZero();
        assertThat(cloud.asked("Authz_create_group")).hasSize(3);
        assertThat(keys()).hasSize(3);
        assertThat(keys().stream().distinct()).hasSize(1);
    }

    @Test
    void eachChangeHasAKeyOfItsOwnAndQueriesHaveNone() {
        operator.runs("group", "add", "trams");
        operator.runs("group", "add", "trains");
        assertThat(keys()).hasSize(2).doesNotHaveDuplicates();
        assertThat(cloud.idempotencyKeys()).contains(Optional.empty());
    }
}
