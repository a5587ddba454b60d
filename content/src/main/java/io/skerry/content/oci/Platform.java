package io.skerry.content.oci;

/**
 * For what an image in an index is made.
 *
 * @param os for example {@code linux}
 * @param architecture as OCI writes it
 * @param variant as OCI writes it; may be empty
 */
public record Platform(String os, String architecture, String variant) {
    /** {@code os/architecture} or {@code os/architecture/variant}. */
    @Override
    public String toString() {
        return os + "/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
    }
}
