package io.skerry.device.revision;

import io.avaje.jsonb.JsonType;
import io.skerry.content.files.DurableFiles;
import io.skerry.spec.Wire;
import io.skerry.spec.desired.Documents;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.Outcome;
import io.skerry.spec.window.Schedule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The revisions on the disk: {@code revisions/<n>/{desired.json,desired.json.copy,plan.json,journal,attempts,outcome.json}} and the
 * links {@code current} and {@code trying}, which are renamed into place.
 *
 * <p>An attempt has begun to change what runs when {@code trying} points at it, and is over when it has an outcome and
 * {@code trying} is gone; so a daemon that starts finds out what was going on from these alone. For the
 * engine's thread; what others write (the retry token and the schedule as they are heard, attempts, journals and waits for
 * locks by the transition that they belong to) are files of their own.
 */
final class RevisionStore {
    private static final System.Logger LOG = System.getLogger(RevisionStore.class.getName());
    /** Finished revisions that are kept for people to look at, besides those in use. */
    private static final int KEPT = 20;

    private static final JsonType<Outcome> OUTCOME = Wire.lenient(Outcome.class);
    private static final JsonType<Schedule> SCHEDULE = Wire.lenient(Schedule.class);

    private final Path revisions;
    private final Path current;
    private final Path trying;
    private final Path failed;
    private final Path failedContainers;
    private final Path retryToken;
    private final Path schedule;
    private final Path lockWaits;

    private RevisionStore(Path data) {
        revisions = data.resolve("revisions");
        current = data.resolve("current");
        trying = data.resolve("trying");
        failed = revisions.resolve("failed.json");
        failedContainers = revisions.resolve("failed-containers.json");
        retryToken = revisions.resolve("retry-token");
        schedule = revisions.resolve("schedule.json");
        lockWaits = revisions.resolve("lock-waits.json");
    }

    /** Without making anything, for reading only. */
    static RevisionStore existing(Path data) {
        return new RevisionStore(data);
    }

    static RevisionStore open(Path data) {
        RevisionStore store = new RevisionStore(data);
        StateFiles.makeFolder(store.revisions);
        return store;
    }

    /** What the device last committed to; where the disk has lost that, the newest of which it still knows that it was. */
    Revision current() {
        return linked(current).or(() -> committedBefore(Integer.MAX_VALUE)).orElse(Revision.NONE);
    }

    /** The number of what was committed after {@link #current} and can't be read any more. */
    Optional<Integer> lost() {
        int now = current().number();
        return StateFiles.numbers(revisions, "").stream()
                .filter(n -> n > now && read(n).isEmpty())
                .filter(n -> isCommitted(n)
                        || number(current).filter(c -> c == (int) n).isPresent())
                .findFirst();
    }

    private boolean isCommitted(int number) {
        return outcome(number)
                .filter(o -> o.result() == Outcome.Result.COMMITTED)
                .isPresent();
    }

    /** What was committed before the current one. */
    Optional<Revision> previous() {
        return committedBefore(current().number());
    }

    private Optional<Revision> committedBefore(int number) {
        return StateFiles.numbers(revisions, "").stream()
                .filter(n -> n < number)
                .filter(this::isCommitted)
                .map(this::read)
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** What is being switched to or is on trial. */
    Optional<Revision> trying() {
        return linked(trying);
    }

    /** What was begun last and hasn't ended, where the disk has lost the link to it. */
    Optional<Revision> begun() {
        return unfinished().filter(r -> Files.exists(folder(r.number()).resolve("attempts")));
    }

    /** What was made last and hasn't ended: it is being prepared, waits for its turn, or has begun. */
    Optional<Revision> unfinished() {
        int now = current().number();
        return StateFiles.numbers(revisions, "").stream()
                .findFirst()
                .filter(n -> n > now)
                .filter(n -> !Files.exists(folder(n).resolve("outcome.json")))
                .flatMap(this::read);
    }

    /** A revision for this workload: the newest one when it is for the same and has come to no outcome, else a new one. */
    Revision create(Workload workload, Plan plan) {
        int newest = StateFiles.numbers(revisions, "").stream().findFirst().orElse(0);
        if (newest > 0 && outcome(newest).isEmpty()) {
            Optional<Revision> unfinished =
                    read(newest).filter(r -> r.workload().equals(workload));
            if (unfinished.isPresent()) {
                return unfinished.get();
            }
        }
        // Not only after a commit: a row of revisions that fail must not fill the disk.
        prune();
        // One that the disk didn't take when it was made is made again, so that a full disk doesn't use up what prune
        // leaves.
        boolean half = newest > current().number()
                && outcome(newest).isEmpty()
                && read(newest).isEmpty();
        Revision revision = new Revision(half ? newest : newest + 1, workload);
        StateFiles.makeFolder(folder(revision.number()));
        DurableFiles.syncDirectory(revisions);
        StateFiles.write(folder(revision.number()).resolve("plan.json"), Plan.JSON, plan);
        StateFiles.writeTwice(folder(revision.number()).resolve("desired.json"), Documents.WORKLOAD, workload);
        return revision;
    }

    /** What was done of it. */
    Journal journal(Revision revision) {
        return new Journal(folder(revision.number()));
    }

    /** Notes that the switch to this revision begins once more. */
    void countAttempt(Revision revision) {
        keepAttempts(revision, attempts(revision) + 1);
    }

    int attempts(Revision revision) {
        return StateFiles.bytes(folder(revision.number()).resolve("attempts"))
                .map(b -> new String(b, StandardCharsets.UTF_8).strip())
                .filter(s -> s.matches("[0-9]{1,6}"))
                .map(Integer::valueOf)
                .orElse(0);
    }

    /** The last beginning didn't come to its end because the daemon was told to end: nothing that the revision did. */
    void discountAttempt(Revision revision) {
        int attempts = attempts(revision);
        if (attempts > 0) {
            keepAttempts(revision, attempts - 1);
        }
    }

    private void keepAttempts(Revision revision, int attempts) {
        DurableFiles.write(
                folder(revision.number()).resolve("attempts"),
                Integer.toString(attempts).getBytes(StandardCharsets.UTF_8),
                0600);
    }

    void setTrying(Revision revision) {
        DurableFiles.link(trying, target(revision));
    }

    void setCurrent(Revision revision) {
        DurableFiles.link(current, target(revision));
    }

    void endTrying() {
        DurableFiles.delete(trying);
    }

    void finish(Outcome outcome) {
        StateFiles.write(folder(outcome.revision()).resolve("outcome.json"), OUTCOME, outcome);
    }

    Optional<Outcome> outcome(int number) {
        return StateFiles.readable(folder(number).resolve("outcome.json"), OUTCOME);
    }

    /** How the attempts that are kept and have ended ended, the newest first. */
    List<Outcome> outcomes() {
        return StateFiles.numbers(revisions, "").stream()
                .map(this::outcome)
                .flatMap(Optional::stream)
                .toList();
    }

    FailedContainers failedContainers() {
        return StateFiles.readable(failedContainers, FailedContainers.JSON).orElse(FailedContainers.NONE);
    }

    void remember(FailedContainers containers) {
        StateFiles.write(failedContainers, FailedContainers.JSON, containers);
    }

    Optional<FailedWorkload> failed() {
        return StateFiles.readable(failed, FailedWorkload.JSON);
    }

    void remember(FailedWorkload workload) {
        StateFiles.write(failed, FailedWorkload.JSON, workload);
    }

    /** The session's retry token as last heard of; empty at first. */
    String retryToken() {
        return StateFiles.bytes(retryToken)
                .map(b -> new String(b, StandardCharsets.UTF_8))
                .orElse("");
    }

    void keepRetryToken(String token) {
        DurableFiles.write(retryToken, token.getBytes(StandardCharsets.UTF_8), 0600);
    }

    /** The windows as last heard of; none at first. */
    Schedule schedule() {
        return StateFiles.readableTwice(schedule, SCHEDULE).orElse(Schedule.ALWAYS);
    }

    void keepSchedule(Schedule told) {
        StateFiles.writeTwice(schedule, SCHEDULE, told);
    }

    /** How long was waited for containers' update locks; not at all at first, and when the disk has spoilt it. */
    LockWaits lockWaits() {
        return StateFiles.readable(lockWaits, LockWaits.JSON).orElse(LockWaits.NONE);
    }

    void keepLockWaits(LockWaits waits) {
        StateFiles.write(lockWaits, LockWaits.JSON, waits);
    }

    /** The names of all containers in the revisions that are kept. */
    Set<String> containersEver() {
        Set<String> names = new TreeSet<>();
        StateFiles.numbers(revisions, "").stream()
                .map(this::read)
                .flatMap(Optional::stream)
                .forEach(r -> names.addAll(r.workload().containers().keySet()));
        return names;
    }

    /** Removes the oldest revisions that nothing needs. */
    void prune() {
        Set<Integer> needed = new TreeSet<>();
        needed.add(current().number());
        previous().ifPresent(r -> needed.add(r.number()));
        trying().ifPresent(r -> needed.add(r.number()));
        StateFiles.numbers(revisions, "").stream()
                .skip(KEPT)
                .filter(n -> !needed.contains(n))
                .forEach(n -> StateFiles.deleteFolder(folder(n)));
    }

    private Optional<Revision> linked(Path link) {
        return number(link).flatMap(this::read);
    }

    private static Optional<Integer> number(Path link) {
        if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try {
            String name = String.valueOf(Files.readSymbolicLink(link).getFileName());
            return name.matches("[1-9][0-9]{0,8}") ? Optional.of(Integer.valueOf(name)) : Optional.empty();
        } catch (NoSuchFileException | NotLinkException e) {
            return Optional.empty();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the link " + link + " can't be read", e);
            return Optional.empty();
        }
    }

    private Optional<Revision> read(int number) {
        return StateFiles.readableTwice(folder(number).resolve("desired.json"), Documents.WORKLOAD)
                .map(w -> new Revision(number, w));
    }

    private Path folder(int number) {
        return revisions.resolve(Integer.toString(number));
    }

    /** Relative, so that the data folder can be moved. */
    private static Path target(Revision revision) {
        return Path.of("revisions", Integer.toString(revision.number()));
    }
}
