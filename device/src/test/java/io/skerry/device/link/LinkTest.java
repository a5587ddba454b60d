package io.skerry.device.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.skerry.spec.Problem;
import io.skerry.spec.desired.Position;
import io.skerry.spec.status.DeviceStatus;
import io.skerry.spec.wire.Messages;
import io.skerry.spec.wire.Paths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** How a device asks for its desired state, and what it does with it. */
class LinkTest extends LinkScene {
    @Test
    void takesADocumentAndAsksForTheNextByItsPosition() {
        answer.set(once(document(Signed.state(1, 1))));

        link.start();

        await().until(() -> handed.size() == 1);
        await().until(() -> polls.size() >= 2);
        assertThat(polls.get(0)).isEqualTo(new Ask("", "wait=1"));
        assertThat(polls.get(1).tag()).isEqualTo("\"1.1\"");
        assertThat(link.accepted()).isEqualTo(new Position(1, 1));
        assertThat(told).isNotEmpty();
    }

    @Test
    void asksAgainAfter304AndWaitsAsLongAsTheCloudProposes() {
        answer.set(poll -> {
            poll.getResponseHeaders().set(Paths.NEXT_WAIT_HEADER, "77");
            // A cloud that answers before half of what was asked for didn't wait, and is asked again later.
            Thread.sleep(1000);
            poll.sendResponseHeaders(304, -1);
        });

        link.start();

        await().until(() -> polls.size() >= 2);
        assertThat(polls.get(1).prefer()).isEqualTo("wait=77");
    }

    @Test
    void doesNotAskInATightLoopWhenTheCloudDoesNotWait() {
        answer.set(poll -> poll.sendResponseHeaders(304, -1));

        link.start();

        await().until(() -> !polls.isEmpty());
        await().during(Duration.ofSeconds(1)).until(() -> polls.size() < 15);
    }

    @Test
    void noticesAConnectionThatIsHalfOpen() {
        answer.set(LinkScene::hold);
        link.start();
        await().until(() -> polls.size() == 1);

        answer.set(once(document(Signed.state(1, 1))));

        await().until(() -> handed.size() == 1);
    }

    @Test
    void comesBackAfterTheTimeThatABusyCloudAsksFor() {
        var asked = new CopyOnWriteArrayList<Long>();
        answer.set(poll -> {
            asked.add(System.nanoTime());
            poll.getResponseHeaders().set("Retry-After", "1");
            poll.sendResponseHeaders(503, -1);
        });

        link.start();

        await().until(() -> asked.size() >= 2);
        assertThat(Duration.ofNanos(asked.get(1) - asked.get(0))).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void refusedDocumentChangesNothingAndIsReported() {
        answer.set(once(document(Signed.state(2, 1))));
        link.start();
        await().until(() -> handed.size() == 1);

        answer.set(once(document(Signed.state(1, 9))));

        await().until(() -> !link.problems().isEmpty());
        assertThat(link.problems()).extracting(Problem::code).containsExactly("document.older");
        assertThat(handed).hasSize(1);
        assertThat(link.accepted()).isEqualTo(new Position(2, 1));
        await().until(() -> polls.getLast().tag().equals("\"1.9\""));

        answer.set(once(document(Signed.state(2, 2))));
        await().until(() -> handed.size() == 2);
        await().until(() -> link.problems().isEmpty());
    }

    @Test
    void documentThatTheDiskDoesNotTakeIsAskedForAgainAndNotActedOnBefore() throws IOException {
        answer.set(document(Signed.state(1, 1)));
        Path inTheWay = Files.createDirectory(data.resolve("link/document.json"));
        Files.createFile(inTheWay.resolve("file"));

        link.start();

        await().until(() -> link.problems().stream().anyMatch(p -> p.code().equals("disk.failed")));
        await().until(() -> polls.size() >= 2);
        assertThat(polls).allMatch(p -> p.tag().isEmpty());
        assertThat(handed).isEmpty();
        assertThat(link.accepted()).isEqualTo(Position.NONE);

        Files.delete(inTheWay.resolve("file"));
        Files.delete(inTheWay);
        await().until(() -> handed.size() == 1);
        await().until(() -> link.problems().isEmpty());
    }

    @Test
    void goesOnAskingWhenWhatADocumentAsksForFailsInAnUnforeseenWay() {
        unforeseen.set(true);
        answer.set(once(document(Signed.state(1, 1))));
        link.start();
        await().until(() -> link.problems().stream().anyMatch(p -> p.code().equals("device.internal")));

        unforeseen.set(false);
        answer.set(once(document(Signed.state(1, 2))));

        // The first may be handed over once more before the second comes.
        await().until(() -> !handed.isEmpty() && link.accepted().equals(new Position(1, 2)));
        await().until(() -> link.problems().isEmpty());
    }

    @Test
    void acceptedDocumentThatTheWorkloadDoesNotTakeIsHandedOverAgainThoughTheCloudSendsNothingNew() {
        unforeseen.set(true);
        answer.set(poll -> {
            if ("\"1.1\"".equals(poll.getRequestHeaders().getFirst("If-None-Match"))) {
                Thread.sleep(300);
                poll.sendResponseHeaders(304, -1);
            } else {
                poll.getResponseHeaders().set(Paths.NEXT_WAIT_HEADER, "3600");
                document(Signed.state(1, 1)).to(poll);
            }
        });
        link.start();
        await().until(() -> polls.size() >= 4);
        assertThat(codes()).containsExactly("device.internal");
        assertThat(polls).allMatch(p -> p.tag().equals("\"1.1\"") || p.tag().isEmpty());
        assertThat(polls.stream().skip(1)).allMatch(p -> p.prefer().matches("wait=[123]"));
        assertThat(handed).isEmpty();

        unforeseen.set(false);

        await().until(() -> handed.equals(List.of(Signed.state(1, 1))));
        await().until(() -> link.problems().isEmpty());
        await().until(() -> polls.getLast().prefer().equals("wait=3600"));
        assertThat(handed).hasSize(1);
    }

    @Test
    void acceptedDocumentIsHandedOverAgainAlsoWhileTheCloudIsNotReached() {
        unforeseen.set(true);
        answer.set(once(document(Signed.state(1, 1))));
        link.start();
        await().until(() -> codes().contains("device.internal"));
        server.stop(0);

        unforeseen.set(false);

        await().until(() -> handed.equals(List.of(Signed.state(1, 1))));
        await().until(() -> link.problems().isEmpty());
    }

    @Test
    void deviceThatTheCloudDoesNotKnowSaysSoAndKeepsAskingSlowly() {
        answer.set(poll -> {
            byte[] body = Messages.PROBLEM.toJsonBytes(new Problem("node.removed", "This node was removed."));
            poll.sendResponseHeaders(403, body.length);
            poll.getResponseBody().write(body);
        });

        link.start();

        await().until(() -> !link.problems().isEmpty());
        assertThat(link.problems()).containsExactly(new Problem("node.removed", "This node was removed."));
        await().until(() -> polls.size() >= 2);
    }

    @Test
    void bothLoopsShowSignsOfLifeAndSayHowLongTheyWaitOnPurpose() {
        answer.set(once(poll -> {
            poll.getResponseHeaders().set("Retry-After", "1");
            poll.sendResponseHeaders(503, -1);
        }));

        link.start();

        await().until(() ->
                life.stream().filter("the polling waits 1500 ms"::equals).count() >= 2);
        await().until(() -> life.stream()
                        .filter("the reporting of the status waits 900 ms"::equals)
                        .count()
                >= 2);
        // The pause that the cloud asked for, and the jitter.
        assertThat(life).anyMatch(sign -> sign.matches("the polling waits 1[12].. ms"));
    }

    @Test
    void countsBytesByPurposeAndKeepsTheCounts() {
        answer.set(once(document(Signed.state(1, 1))));
        link.start();
        await().until(() -> handed.size() == 1 && !statuses.isEmpty());
        await().until(() -> count(traffic, "status").sent() > 0);

        link.close();

        var state = count(TrafficCount.open(data), "state");
        assertThat(state.received()).isGreaterThan(signed.body(Signed.state(1, 1)).length);
        assertThat(state.sent()).isBetween(50L, 5000L);
    }

    private static DeviceStatus.Traffic count(TrafficCount traffic, String purpose) {
        return Objects.requireNonNull(traffic.byPurpose().get(purpose));
    }
}
