package io.skerry.device.link;

import io.skerry.content.files.DurableFiles;
import io.skerry.content.signing.TrustedKeys;
import io.skerry.spec.Wire;
import io.skerry.spec.desired.Documents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The last accepted desired state and whom the device believes: {@code <data>/link/{document.json,trust.json}}. Both are on
 * the disk before anybody acts on them, so that no restart makes the device take an older one.
 */
final class AcceptedStore {
    private final Path document;
    private final Path trust;
    private TrustedKeys trusted;
    private Optional<Accepted> last;

    private AcceptedStore(Path document, Path trust, TrustedKeys trusted, Optional<Accepted> last) {
        this.document = document;
        this.trust = trust;
        this.trusted = trusted;
        this.last = last;
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
            throw DurableFiles.failed("make", folder, e);
        }
        Path document = folder.resolve("document.json");
        Path trust = folder.resolve("trust.json");
        TrustedKeys trusted = read(trust).map(TrustedKeys::parse).orElse(pinned);
        if (!trusted.customer().equals(pinned.customer())) {
            // The device was enrolled anew, with another customer.
            trusted = pinned;
        }
        TrustedKeys known = trusted;
        Optional<Accepted> last = read(document)
                .map(bytes ->
                        new Accepted(Wire.read(Documents.DESIRED_STATE, bytes, "The kept desired state"), bytes, known))
                .filter(a -> a.state().head().customer().equals(pinned.customer())
                        && a.state().head().node().equals(node));
        return new AcceptedStore(document, trust, trusted, last);
    }

    TrustedKeys trusted() {
        return trusted;
    }

    Optional<Accepted> last() {
        return last;
    }

    void accept(Accepted accepted) {
        DurableFiles.write(trust, accepted.trust().toJson(), 0600);
        DurableFiles.write(document, accepted.payload(), 0600);
        trusted = accepted.trust();
        last = Optional.of(accepted);
    }

    private static Optional<byte[]> read(Path file) {
        try {
            return Optional.of(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw DurableFiles.failed("read", file, e);
        }
    }
}
