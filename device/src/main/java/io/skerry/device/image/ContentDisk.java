package io.skerry.device.image;

import io.skerry.spec.ProblemException;
import java.nio.file.Path;

/** What an image store asks of the file system that it lies on, for which Java has no words. */
public interface ContentDisk {
    /**
     * Makes everything written to the file system of a folder outlive a power failure ({@code syncfs}).
     *
     * @throws ProblemException when that can't be made sure
     */
    void sync(Path folder);

    /**
     * Whether a container's root lies on an unpacked layer.
     *
     * @param layer by the name of its folder
     */
    boolean isLaidUnder(String layer);

    /**
     * Makes a file of this size whose room nobody else can take.
     *
     * @return whether it could; false where the file system has no such thing, and then there is no file
     * @throws ProblemException {@code host.…}; also when there is no room for it, with the figures of what is missing
     */
    boolean allocate(Path file, long bytes);
}
