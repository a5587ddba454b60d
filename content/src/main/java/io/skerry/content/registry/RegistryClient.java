package io.skerry.content.registry;

import io.skerry.content.ContentStore;
import io.skerry.content.oci.Descriptor;
import io.skerry.content.oci.ImageConfig;
import io.skerry.content.oci.ImageConfigs;
import io.skerry.content.oci.ImageReference;
import io.skerry.content.oci.Index;
import io.skerry.content.oci.Manifest;
import io.skerry.content.oci.Platform;
import io.skerry.spec.Architecture;
import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;

/**
 * Reads images from registries (OCI distribution specification, and Docker's before it).
 *
 * <p>Whatever it returns has the digest that it was asked for. Lost connections, 5xx and 429 are tried again with growing
 * pauses; an interrupted thread ends any call. Every call throws a {@link ProblemException} that names the reference:
 * {@code registry.unreachable}, {@code registry.unauthorized}, {@code registry.not-found}, {@code registry.digest-mismatch},
 * {@code registry.too-large}, {@code registry.answer-malformed}, {@code registry.interrupted}; and what the transport itself
 * refuses. Safe for use by several threads.
 */
public final class RegistryClient {
    private final RegistrySession session;
    private final ManifestFetch manifests;

    public RegistryClient(HttpTransport transport, RegistryAccess access) {
        this(
                transport,
                access,
                new Retries(InstantSource.system(), RandomGenerator.getDefault(), time -> Thread.sleep(time)));
    }

    RegistryClient(HttpTransport transport, RegistryAccess access, Retries retries) {
        this.session = new RegistrySession(transport, access, retries);
        this.manifests = new ManifestFetch(session);
    }

    /** The digest that the registry has for a reference now, without fetching what it names. */
    public Digest digest(ImageReference reference) {
        return manifests.head(reference).orElseGet(() -> manifest(reference).digest());
    }

    /** The manifest or index that a reference names. */
    public Resolved manifest(ImageReference reference) {
        return manifests.get(reference);
    }

    /**
     * The image for one architecture, through an index if there is one.
     *
     * @throws ProblemException besides the above {@code image.architecture-missing}, {@code manifest.…} and
     *     {@code image.config-malformed}
     */
    public RemoteImage image(ImageReference reference, Architecture architecture) {
        Resolved resolved = manifest(reference);
        if (!resolved.isIndex()) {
            return completed(reference, architecture, resolved);
        }
        Index index = resolved.index();
        Descriptor descriptor = index.forArchitecture(architecture)
                .orElseThrow(() -> missing(reference, architecture.word(), index.platforms()));
        return completed(reference, architecture, manifest(reference.withDigest(descriptor.digest())));
    }

    /**
     * The image for each of Skerry's architectures that it is made for; at least one.
     *
     * @throws ProblemException as {@link #image}
     */
    public List<RemoteImage> images(ImageReference reference) {
        Resolved resolved = manifest(reference);
        if (!resolved.isIndex()) {
            return List.of(single(reference, resolved));
        }
        Index index = resolved.index();
        List<RemoteImage> images = new ArrayList<>();
        for (Architecture architecture : Architecture.values()) {
            Optional<Descriptor> descriptor = index.forArchitecture(architecture);
            if (descriptor.isPresent()) {
                Resolved manifest =
                        manifest(reference.withDigest(descriptor.get().digest()));
                images.add(completed(reference, architecture, manifest));
            }
        }
        if (images.isEmpty()) {
            throw missing(reference, "any architecture that Skerry knows", index.platforms());
        }
        return images;
    }

    /**
     * A small blob, such as an image's configuration.
     *
     * @param reference any in its repository
     */
    public byte[] blob(ImageReference reference, Descriptor descriptor, int most) {
        if (descriptor.size() > most) {
            throw RegistryProblems.tooLarge(
                    reference, "a blob of " + descriptor.size() + " bytes where " + most + " are allowed");
        }
        byte[] bytes = session.ask(
                "GET",
                reference,
                "blobs/" + descriptor.digest(),
                "blob " + descriptor.digest() + " of",
                () -> Map.of("Accept-Encoding", "identity"),
                () -> 0,
                answer -> Bodies.read(reference, answer, (int) descriptor.size(), "a blob"));
        if (!Digest.of(bytes).equals(descriptor.digest())) {
            throw RegistryProblems.digestMismatch(reference, "the blob " + descriptor.digest() + " has other bytes");
        }
        return bytes;
    }

    /**
     * Fetches what is missing of a blob and makes it one of the store. After a failure what came is kept in {@code partial},
     * to go on from; the caller closes it.
     *
     * @param reference any in its repository
     * @param progress is told how many bytes of the blob are there, now and then
     */
    public void blob(
            ImageReference reference, Descriptor descriptor, ContentStore.Partial partial, LongConsumer progress) {
        if (!partial.expected().equals(descriptor.digest())) {
            throw new IllegalArgumentException("the partial blob is another one than is to be fetched");
        }
        new BlobFetch(reference, descriptor, partial, progress).run(session);
    }

    private RemoteImage single(ImageReference reference, Resolved resolved) {
        Manifest manifest = resolved.manifest();
        byte[] bytes = blob(reference, manifest.config(), ImageConfigs.MOST_BYTES);
        ImageConfig config = ImageConfigs.parse(bytes);
        Architecture architecture = Arrays.stream(Architecture.values())
                .filter(a -> isFor(a, config))
                .findFirst()
                .orElseThrow(() -> missing(reference, "any architecture that Skerry knows", platform(config)));
        return checked(reference, new RemoteImage(architecture, resolved, manifest, bytes, config));
    }

    private RemoteImage completed(ImageReference reference, Architecture architecture, Resolved resolved) {
        Manifest manifest = resolved.manifest();
        byte[] bytes = blob(reference, manifest.config(), ImageConfigs.MOST_BYTES);
        ImageConfig config = ImageConfigs.parse(bytes);
        if (!isFor(architecture, config)) {
            throw missing(reference, architecture.word(), platform(config));
        }
        return checked(reference, new RemoteImage(architecture, resolved, manifest, bytes, config));
    }

    private static RemoteImage checked(ImageReference reference, RemoteImage image) {
        int layers = image.manifest().layers().size();
        int diffIds = image.config().diffIds().size();
        if (layers != diffIds) {
            throw new Problem(
                            "manifest.malformed",
                            "The manifest of " + reference + " has " + layers + " layers, but its configuration "
                                    + diffIds + ".",
                            "Build and push the image again.")
                    .asException();
        }
        return image;
    }

    private static boolean isFor(Architecture architecture, ImageConfig config) {
        return config.os().equals("linux") && architecture.runs(config.architecture(), config.variant());
    }

    private static String platform(ImageConfig config) {
        return new Platform(config.os(), config.architecture(), config.variant()).toString();
    }

    private static ProblemException missing(ImageReference reference, String wanted, String present) {
        return new Problem(
                        "image.architecture-missing",
                        "The image " + reference + " is not made for " + wanted + "; it is made for: " + present + ".",
                        "Push it for that architecture too, or use another image.")
                .asException();
    }
}
