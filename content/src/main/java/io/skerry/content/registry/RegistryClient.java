package io.skerry.content.registry;

import io.skerry.content.ContentStore;
import io.skerry.content.oci.Descriptor;
import io.skerry.content.oci.ImageReference;
import io.skerry.spec.Architecture;
import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Reads images from registries (OCI distribution specification, and Docker's before it).
 *
 * <p>Whatever it returns has the digest that it was asked for. Lost connections, 5xx and 429 are tried again with growing
 * pauses; an interrupted thread ends any call. Every call throws a {@link ProblemException} that names the reference:
 * {@code registry.unreachable}, {@code registry.unauthorized}, {@code registry.not-found}, {@code registry.digest-mismatch},
 * {@code registry.too-large}, {@code registry.answer-malformed}, {@code registry.interrupted}. Safe for use by several threads.
 */
@SuppressWarnings({"UnusedVariable", "DoNotCallSuggester"})
public final class RegistryClient {
    public RegistryClient(HttpTransport transport, RegistryAccess access) {}

    /** The digest that the registry has for a reference now, without fetching what it names. */
    public Digest digest(ImageReference reference) {
        throw new UnsupportedOperationException();
    }

    /** The manifest or index that a reference names. */
    public Resolved manifest(ImageReference reference) {
        throw new UnsupportedOperationException();
    }

    /**
     * The image for one architecture, through an index if there is one.
     *
     * @throws ProblemException besides the above {@code image.architecture-missing}, {@code manifest.…} and
     *     {@code image.config-malformed}
     */
    public RemoteImage image(ImageReference reference, Architecture architecture) {
        throw new UnsupportedOperationException();
    }

    /**
     * The image for each of Skerry's architectures that it is made for; at least one.
     *
     * @throws ProblemException as {@link #image}
     */
    public List<RemoteImage> images(ImageReference reference) {
        throw new UnsupportedOperationException();
    }

    /**
     * A small blob, such as an image's configuration.
     *
     * @param reference any in its repository
     */
    public byte[] blob(ImageReference reference, Descriptor descriptor, int most) {
        throw new UnsupportedOperationException();
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
        throw new UnsupportedOperationException();
    }
}
