package io.skerry.content.registry;

import io.skerry.content.json.JsonTree;
import io.skerry.content.oci.ImageReference;
import io.skerry.content.oci.Manifest;
import io.skerry.content.oci.MediaTypes;
import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Fetches manifests and indexes. */
final class ManifestFetch {
    private static final Map<String, String> HEADERS = Map.of(
            "Accept",
            String.join(
                    ", ",
                    MediaTypes.OCI_INDEX,
                    MediaTypes.DOCKER_INDEX,
                    MediaTypes.OCI_MANIFEST,
                    MediaTypes.DOCKER_MANIFEST),
            "Accept-Encoding",
            "identity");
    /** What servers say that only know files. */
    private static final Set<String> SAYS_NOTHING =
            Set.of("", "application/json", "application/octet-stream", "text/plain");

    private final RegistrySession session;

    ManifestFetch(RegistrySession session) {
        this.session = session;
    }

    Resolved get(ImageReference reference) {
        return ask("GET", reference, answer -> {
            byte[] bytes = Bodies.read(reference, answer, Manifest.MOST_BYTES, "a manifest");
            Digest found = Digest.of(bytes);
            Optional<String> wanted = reference.digest().map(Digest::value).or(() -> contentDigest(answer));
            if (wanted.isPresent() && !wanted.get().equals(found.value())) {
                throw RegistryProblems.digestMismatch(
                        reference, "the manifest's digest is " + found + " instead of " + wanted.get());
            }
            return new Resolved(found, mediaType(reference, answer, bytes), bytes);
        });
    }

    /** What the registry says without sending it, if it does. */
    Optional<Digest> head(ImageReference reference) {
        return ask("HEAD", reference, answer -> contentDigest(answer).map(Digest::new));
    }

    private <T> T ask(String method, ImageReference reference, RegistrySession.Reading<T> reading) {
        return session.ask(
                method, reference, "manifests/" + reference.target(), "image", () -> HEADERS, () -> 0, answer -> {
                    if (answer.status() != 200) {
                        throw RegistryProblems.malformed(reference, "HTTP " + answer.status());
                    }
                    return reading.read(answer);
                });
    }

    /** Other algorithms than ours are allowed here; they are passed over. */
    private static Optional<String> contentDigest(HttpAnswer answer) {
        return answer.header("Docker-Content-Digest").map(String::strip).filter(d -> d.matches("sha256:[0-9a-f]{64}"));
    }

    private static String mediaType(ImageReference reference, HttpAnswer answer, byte[] bytes) throws IOException {
        String header = answer.header("Content-Type").orElse("");
        String said = header.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!SAYS_NOTHING.contains(said)) {
            if (said.equals("text/html")) {
                throw RegistryProblems.malformed(reference, "a web page");
            }
            return said;
        }
        JsonTree tree;
        try {
            tree = JsonTree.parse(bytes, "registry.answer-malformed", "The manifest of " + reference);
        } catch (ProblemException e) {
            throw RegistryProblems.malformed(reference, "something that is not a manifest");
        }
        String own = tree.text("mediaType");
        if (!own.isEmpty()) {
            return own;
        }
        return tree.field("manifests").isPresent() ? MediaTypes.OCI_INDEX : MediaTypes.OCI_MANIFEST;
    }
}
