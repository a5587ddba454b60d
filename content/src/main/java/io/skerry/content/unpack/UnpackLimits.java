package io.skerry.content.unpack;

/**
 * What a layer may ask for at most.
 *
 * @param bytes of the archive when uncompressed, and of the files made from it
 * @param entries in the archive
 */
public record UnpackLimits(long bytes, int entries) {
    /** For what has a limit of its own elsewhere: as many bytes as given, a million entries. */
    public static UnpackLimits ofBytes(long bytes) {
        return new UnpackLimits(bytes, 1_000_000);
    }
}
