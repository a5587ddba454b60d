package io.skerry.device.revision;

import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Image;
import java.util.Optional;
import java.util.Set;

/** The images that a device holds. Safe for use by several threads. */
public interface Images {
    /**
     * Fetches what is missing of an image, verifies all of it and unpacks it; returns at once when that was done before. Goes
     * on where an interrupted call stopped. May take as long as the link needs; ends early when its thread is interrupted.
     *
     * @throws ProblemException {@code image.…}, {@code registry.…} or {@code disk.full}; what was there stays whole
     */
    PreparedImage prepare(Image image);

    /** The image, if it is wholly here: works without any network. */
    Optional<PreparedImage> prepared(Digest manifest);

    /** Removes what no image with one of these manifests needs. */
    void collect(Set<Digest> keep);
}
