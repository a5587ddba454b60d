package io.skerry.device.revision;

import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Image;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/** The images that a device holds. Safe for use by several threads. All calls end early when their thread is interrupted. */
public interface Images {
    /**
     * Sees to it that there is room for what is missing of these images, before its first byte: takes the room from the file
     * system, to give it back as the bytes arrive. What was reserved for the same revision before is given back first.
     *
     * @param revision whose images they are
     * @param more bytes that are needed besides
     * @throws ProblemException {@code disk.full} with figures, {@code registry.…}, {@code image.…}
     */
    void reserve(int revision, Collection<Image> images, long more);

    /**
     * Gives back what is still reserved for a revision.
     *
     * @throws ProblemException {@code disk.…}; it is for {@link #collect} then
     */
    void release(int revision);

    /**
     * Fetches what is missing of an image and verifies it. Goes on where an interrupted call stopped. May take as long as the
     * link needs.
     *
     * @throws ProblemException {@code image.…}, {@code registry.…} or {@code disk.full}; what was there stays whole
     */
    void fetch(Image image);

    /** Whether nothing is left to fetch of it. */
    boolean fetched(Image image);

    /**
     * Unpacks what was fetched, and removes what isn't needed after that.
     *
     * @throws ProblemException {@code image.…} or {@code disk.full}; what was there stays whole
     */
    PreparedImage unpack(Image image);

    /** The image, if it is wholly here: works without any network. It may be damaged; it can be tried then all the same. */
    Optional<PreparedImage> prepared(Digest manifest);

    /** Whether it is wholly here and wasn't found to be damaged, so that nothing of it is to be fetched. */
    boolean isSound(Digest manifest);

    /**
     * Compares what is here of an image with what it was when it was unpacked. Reads all of it, which takes as long as the disk
     * needs. What is found to be damaged isn't {@link #isSound sound} from then on, until it is fetched and unpacked again.
     *
     * @throws ProblemException {@code disk.…}
     */
    boolean isFoundDamaged(Digest manifest);

    /**
     * Removes what no image with one of these manifests needs.
     *
     * @throws ProblemException {@code disk.…}
     */
    void collect(Set<Digest> keep);
}
