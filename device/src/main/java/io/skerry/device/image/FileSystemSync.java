package io.skerry.device.image;

import java.nio.file.Path;

/** Makes everything written to the file system of a folder outlive a power failure ({@code syncfs}). */
@FunctionalInterface
public interface FileSystemSync {
    /** @throws io.skerry.spec.ProblemException when that can't be made sure */
    void sync(Path folder);
}
