package io.skerry.device.link;

import io.skerry.content.signing.TrustedKeys;
import io.skerry.device.watch.LifeSigns;
import io.skerry.spec.Problem;
import io.skerry.spec.desired.DesiredState;
import io.skerry.spec.desired.Position;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The device's link with its cloud: desired states in, status out. Both go on by themselves from {@link #start} to
 * {@link #close}, whatever the network does.
 */
public final class Link implements AutoCloseable {
    /** Beyond what a loop waits for on purpose. */
    private static final Duration LIFE_LIMIT = Duration.ofMinutes(3);

    private final TrafficCount traffic;
    private final LinkProblems problems;
    private final Poller poller;
    private final StatusReporter reporter;

    /**
     * To whom the link speaks.
     *
     * @param customer to whom the device belongs
     * @param node its id
     * @param root the customer's pinned root, base64 of the DER form
     */
    public record Party(String customer, String node, String root) {}

    /**
     * @param data the data folder
     * @param firstWait how long the first poll waits
     * @param life watches that both loops move
     * @param sink is handed each desired state when it was verified and is on the disk, and the last one again at the start;
     *     a {@link io.skerry.spec.ProblemException} of its becomes one of {@link #problems}
     * @param status the status as it is to be sent, JSON
     */
    public Link(
            Path data,
            Party party,
            CloudClient cloud,
            TrafficCount traffic,
            Duration firstWait,
            LinkPace pace,
            LifeSigns life,
            Consumer<DesiredState> sink,
            Supplier<byte[]> status,
            RandomGenerator random) {
        this.traffic = traffic;
        this.problems = new LinkProblems(this::changed);
        this.reporter = new StatusReporter(
                cloud, status, problems, pace, life.expect("the reporting of the status", LIFE_LIMIT), random);
        AcceptedStore store =
                AcceptedStore.open(data, party.node(), TrustedKeys.pinned(party.customer(), party.root()));
        this.poller = new Poller(
                cloud,
                new DocumentVerifier(party.customer(), party.node()),
                store,
                sink,
                problems,
                reporter::reconnected,
                firstWait,
                pace,
                life.expect("the polling", LIFE_LIMIT),
                random);
    }

    public void start() {
        poller.start();
        reporter.start();
    }

    /** Something that the status tells has changed. */
    public void statusChanged() {
        reporter.changed();
    }

    /** The newest desired state that was verified and taken. */
    public Position accepted() {
        return poller.accepted();
    }

    /** What is wrong on the link now. */
    public List<Problem> problems() {
        return problems.all();
    }

    @Override
    public void close() {
        poller.stop();
        reporter.stop();
        traffic.keep();
    }

    private void changed() {
        reporter.changed();
    }
}
