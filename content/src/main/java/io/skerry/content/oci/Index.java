package io.skerry.content.oci;

import io.skerry.spec.Architecture;
import io.skerry.spec.ProblemException;
import java.util.List;
import java.util.Optional;

/**
 * One image for several platforms: an OCI image index or a Docker manifest list.
 *
 * @param mediaType of the index itself
 * @param manifests of the images, in the order in which they are preferred
 */
public record Index(String mediaType, List<Descriptor> manifests) {
    public Index {
        manifests = List.copyOf(manifests);
    }

    /** An OCI index of these. */
    public static Index of(List<Descriptor> manifests) {
        return new Index(MediaTypes.OCI_INDEX, manifests);
    }

    /**
     * Reads an OCI image index or a Docker manifest list.
     *
     * @param mediaType as the registry called it
     * @throws ProblemException {@code manifest.malformed}, {@code manifest.unsupported}
     */
    public static Index parse(byte[] bytes, String mediaType) {
        return java.util.Optional.<Index>empty().orElseThrow(UnsupportedOperationException::new);
    }

    /** The image that runs best on this architecture. */
    public Optional<Descriptor> forArchitecture(Architecture architecture) {
        return java.util.Optional.<Optional<Descriptor>>empty().orElseThrow(UnsupportedOperationException::new);
    }

    /** The platforms of all images, as a sentence would list them. */
    public String platforms() {
        return java.util.Optional.<String>empty().orElseThrow(UnsupportedOperationException::new);
    }

    /** The JSON of it; the same index has the same bytes. */
    public byte[] toJson() {
        return java.util.Optional.<byte[]>empty().orElseThrow(UnsupportedOperationException::new);
    }
}
