package io.skerry.device.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.skerry.spec.desired.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a daemon finds of what the one before it accepted. */
class KeptDocumentTest extends LinkScene {
    @Test
    void handsTheLastDocumentAgainAfterARestartOfTheDaemon() {
        answer.set(once(document(Signed.state(1, 1))));
        link.start();
        await().until(() -> handed.size() == 1);
        link.close();
        answer.set(LinkScene::hold);

        link = link();
        link.start();

        await().until(() -> handed.size() == 2);
        await().until(() -> polls.getLast().tag().equals("\"1.1\""));
    }

    @Test
    void unreadableDocumentIsReportedAndFetchedAgainButNoOlderOneInItsPlace() throws IOException {
        restartAfter(Signed.state(2, 1), "document.json");

        answer.set(once(document(Signed.state(1, 9))));
        link.start();

        await().until(() -> codes().contains("document.older"));
        assertThat(polls.getFirst().tag()).isEmpty();
        assertThat(handed).isEmpty();
        assertThat(link.accepted()).isEqualTo(new Position(2, 1));

        answer.set(once(document(Signed.state(2, 1))));
        await().until(() -> handed.equals(List.of(Signed.state(2, 1))));
        await().until(() -> link.problems().isEmpty());
    }

    @Test
    void spoiltTrustOrPositionIsReadFromItsCopy() throws IOException {
        restartAfter(Signed.state(1, 2), "trust.json", "position.json", "document.json");

        answer.set(once(document(Signed.state(1, 1))));
        link.start();

        await().until(() -> codes().contains("document.older"));
        answer.set(once(document(Signed.state(1, 3))));
        await().until(() -> handed.equals(List.of(Signed.state(1, 3))));
        await().until(() -> link.problems().isEmpty());
    }

    @Test
    void spoiltCopiesCostNothing() throws IOException {
        restartAfter(Signed.state(1, 1), "trust.json.copy", "position.json.copy");

        answer.set(once(document(Signed.state(1, 2))));
        link.start();

        await().until(() -> handed.equals(List.of(Signed.state(1, 1), Signed.state(1, 2))));
        assertThat(codes()).isEmpty();
    }

    @Test
    void unreadableTrustRefusesNewDocumentsAndRunsTheLastOneOn() throws IOException {
        restartAfter(Signed.state(1, 1), "trust.json", "trust.json.copy");

        answer.set(once(document(Signed.state(1, 2))));
        link.start();

        await().until(() -> handed.equals(List.of(Signed.state(1, 1))));
        await().until(() -> polls.stream().anyMatch(p -> p.tag().equals("\"1.2\"")));
        assertThat(codes()).containsExactly("link.trust-unreadable");
        assertThat(link.problems().getFirst().sentence()).contains("trust.json").contains("remove it");
        assertThat(handed).hasSize(1);
        assertThat(data.resolve("link/trust.json")).hasContent("no json");
    }

    @Test
    void unreadableDocumentWithoutAKeptPositionRefusesNewDocuments() throws IOException {
        restartAfter(Signed.state(1, 1), "document.json");
        link.close();
        Files.delete(data.resolve("link/position.json"));
        Files.delete(data.resolve("link/position.json.copy"));
        link = link();

        answer.set(once(document(Signed.state(1, 1))));
        link.start();

        await().until(() -> polls.stream().anyMatch(p -> p.tag().equals("\"1.1\"")));
        assertThat(codes()).containsExactly("link.position-unreadable");
        assertThat(handed).isEmpty();
    }
}
