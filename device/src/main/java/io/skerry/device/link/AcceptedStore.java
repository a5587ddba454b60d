package io.skerry.device.link;

import io.skerry.content.files.DurableFiles;
import io.skerry.content.files.KeptTwice;
import io.skerry.content.signing.TrustedKeys;
import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import io.skerry.spec.Wire;
import io.skerry.spec.desired.Documents;
import io.skerry.spec.desired.Head;
import io.skerry.spec.desired.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * The last accepted desired state, its position, and whom the device believes: {@code
 * <data>/link/{document,position,trust}.json}, the latter two {@linkplain KeptTwice kept twice}. All are on the disk before
 * anybody acts on them, so that no restart makes the device take an older one. What can't be read is told by {@link #problem}
 * and never keeps the daemon from starting: the committed containers need it.
 */
final class AcceptedStore {
    private static final System.Logger LOG = System.getLogger(AcceptedStore.class.getName());

    private final Path folder;
    private TrustedKeys trusted;
    private Optional<Accepted> last;
    private Optional<KeptPosition> floor;
    private final Optional<Problem> refusal;
    private Optional<Problem> problem;

    /** What was found at a file's place. */
    private sealed interface Found<T> {
        record Missing<T>() implements Found<T> {}

        record Read<T>(T what) implements Found<T> {}

        record Unreadable<T>(String why) implements Found<T> {}

        default Optional<T> content() {
            return this instanceof Read<T>(T what) ? Optional.of(what) : Optional.empty();
        }
    }

    private AcceptedStore(
            Path folder,
            TrustedKeys trusted,
            Optional<Accepted> last,
            Optional<KeptPosition> floor,
            Optional<Problem> refusal,
            Optional<Problem> problem) {
        this.folder = folder;
        this.trusted = trusted;
        this.last = last;
        this.floor = floor;
        this.refusal = refusal;
        this.problem = problem;
    }

    /**
     * @param node what the device is; what was accepted as another node, before it was enrolled anew, doesn't count
     * @param pinned what was pinned at enrolment, for a device that hasn't accepted anything yet
     */
    static AcceptedStore open(Path data, String node, TrustedKeys pinned) {
        Path folder = data.resolve("link");
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            // Keeping a desired state will fail, and say so.
            LOG.log(System.Logger.Level.WARNING, "the folder " + folder + " can't be made", e);
        }
        Found<TrustedKeys> trust = readTwice(trust(folder), TrustedKeys::parse);
        // Of another customer when the device was enrolled anew.
        TrustedKeys trusted = trust.content()
                .filter(t -> t.customer().equals(pinned.customer()))
                .orElse(pinned);
        Found<Accepted> document = read(
                document(folder),
                bytes -> new Accepted(
                        Wire.read(Documents.DESIRED_STATE, bytes, "The kept desired state"), bytes, trusted));
        Found<KeptPosition> position =
                readTwice(position(folder), bytes -> Wire.read(KeptPosition.JSON, bytes, "The kept position"));
        Optional<Accepted> last = document.content().filter(a -> isFor(a, pinned.customer(), node));
        Optional<KeptPosition> floor =
                position.content().filter(k -> k.isFor(pinned.customer(), node)).or(() -> last.map(KeptPosition::of));
        Optional<Problem> refusal = trust instanceof Found.Unreadable<TrustedKeys>(String why)
                ? Optional.of(trustLost(trust(folder), why))
                : positionLost(folder, document, position);
        return new AcceptedStore(
                folder, trusted, last, floor, refusal, refusal.or(() -> documentLost(folder, document)));
    }

    TrustedKeys trusted() {
        return trusted;
    }

    Optional<Accepted> last() {
        return last;
    }

    /** Nothing that is older counts, also when {@link #last} is gone. */
    Optional<KeptPosition> floor() {
        return floor;
    }

    /** How new what the device follows is, also when the document itself can't be read any more. */
    Position position() {
        return last.map(a -> a.state().head().position())
                .or(() -> problem.isPresent() ? floor.map(KeptPosition::position) : Optional.empty())
                .orElse(Position.NONE);
    }

    /** Why no new desired state can be judged; the daemon must be started again when that is mended. */
    Optional<Problem> refusal() {
        return refusal;
    }

    /** What is wrong with what was kept, the {@link #refusal} or less; nothing any more after the next acceptance. */
    Optional<Problem> problem() {
        return problem;
    }

    /** @throws io.skerry.spec.ProblemException {@code disk.…}; then it isn't to be followed, and can be accepted later */
    void accept(Accepted accepted) {
        KeptTwice.write(trust(folder), accepted.trust().toJson(), 0600);
        // Before the document: one that is kept and followed after a restart never stands above the kept position.
        KeptPosition position = KeptPosition.of(accepted);
        KeptTwice.write(position(folder), KeptPosition.JSON.toJsonBytes(position), 0600);
        floor = Optional.of(position);
        DurableFiles.write(document(folder), accepted.payload(), 0600);
        trusted = accepted.trust();
        last = Optional.of(accepted);
        problem = Optional.empty();
    }

    private static Path document(Path folder) {
        return folder.resolve("document.json");
    }

    private static Path position(Path folder) {
        return folder.resolve("position.json");
    }

    private static Path trust(Path folder) {
        return folder.resolve("trust.json");
    }

    private static boolean isFor(Accepted accepted, String customer, String node) {
        Head head = accepted.state().head();
        return head.customer().equals(customer) && head.node().equals(node);
    }

    private static Problem trustLost(Path file, String why) {
        return new Problem(
                "link.trust-unreadable",
                "New desired states are refused, since whom to believe can't be read from " + file + ": " + why + ".",
                "Bring the file back from a backup; or remove it and trust.json.copy, if the cloud's keys that were in use since"
                        + " the enrolment are all still to be believed. Then start the daemon again.");
    }

    private static Optional<Problem> positionLost(Path folder, Found<Accepted> document, Found<KeptPosition> position) {
        boolean lost =
                (position instanceof Found.Unreadable && document.content().isEmpty())
                        || (position instanceof Found.Missing && document instanceof Found.Unreadable);
        return lost
                ? Optional.of(new Problem(
                        "link.position-unreadable",
                        "New desired states are refused, since neither " + position(folder) + " nor " + document(folder)
                                + " tells how new the last one was.",
                        "Bring the files back from a backup; or remove both and position.json.copy, if the cloud itself wasn't"
                                + " restored from a backup. Then start the daemon again."))
                : Optional.empty();
    }

    private static Optional<Problem> documentLost(Path folder, Found<Accepted> document) {
        return document instanceof Found.Unreadable<Accepted>(String why)
                ? Optional.of(new Problem(
                        "link.document-unreadable",
                        "The kept desired state can't be read from " + document(folder) + ": " + why + ".",
                        "Nothing is to be done: what was committed runs on, and the cloud is asked for it again."))
                : Optional.empty();
    }

    /** A copy that stands alone and can't be read isn't as if there had never been anything. */
    private static <T> Found<T> readTwice(Path file, Function<byte[], T> parser) {
        Optional<byte[]> copy = KeptTwice.read(file);
        Found<T> found = copy.map(bytes -> parsed(file, bytes, parser)).orElseGet(() -> new Found.Missing<>());
        if (found instanceof Found.Read<T>) {
            return found;
        }
        Found<T> other = read(file, parser);
        return other instanceof Found.Missing && KeptTwice.hasCopy(file)
                ? new Found.Unreadable<>("it is gone and its copy is spoilt")
                : other;
    }

    private static <T> Found<T> read(Path file, Function<byte[], T> parser) {
        try {
            return parsed(file, Files.readAllBytes(file), parser);
        } catch (NoSuchFileException e) {
            return new Found.Missing<>();
        } catch (IOException e) {
            return unreadable(file, e);
        }
    }

    private static <T> Found<T> parsed(Path file, byte[] content, Function<byte[], T> parser) {
        try {
            return new Found.Read<>(parser.apply(content));
        } catch (RuntimeException e) {
            // Whatever stands in the file: the daemon has containers to see to.
            return unreadable(file, e);
        }
    }

    private static <T> Found<T> unreadable(Path file, Exception e) {
        LOG.log(System.Logger.Level.WARNING, "the file " + file + " can't be read", e);
        return new Found.Unreadable<>(Text.shortened(String.valueOf(e.getMessage()), 200));
    }
}
