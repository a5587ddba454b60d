package io.skerry.device.storage;

import io.skerry.content.files.DurableFiles;
import io.skerry.device.filesystem.Mounts;
import io.skerry.device.filesystem.RootFs;
import io.skerry.device.host.CommandResult;
import io.skerry.device.revision.PreparedImage;
import io.skerry.spec.Problem;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Images' roots, mounted read-only for as long as somebody looks into them, without a container. */
final class ImageFolder {
    /** The kernel takes the options of a mount as one page. */
    private static final int LONGEST_OPTIONS = 4000;

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Path folder;
    private final Mounts mounts;
    private final Disk disk;

    /** @param folder for the mounts; nothing else is in it */
    ImageFolder(Path folder, Mounts mounts, Disk disk) {
        this.folder = folder;
        this.mounts = mounts;
        this.disk = disk;
    }

    /** Shows an image's root. For one thread at a time. */
    void look(PreparedImage image, Consumer<RootFs> use) {
        clear();
        // An overlay that is only read wants two layers at least.
        Path none = folder.resolve("none");
        Path root = folder.resolve("root");
        disk.makeFolder(none);
        disk.makeFolder(root);
        try {
            if (!image.layers().isEmpty()) {
                mount(image, none, root);
            }
            use.accept(new RootFs(root));
        } catch (RuntimeException e) {
            try {
                clear();
            } catch (RuntimeException second) {
                // The next one clears it.
                e.addSuppressed(second);
            }
            throw e;
        }
        clear();
    }

    /** Unmounts what a daemon left that was killed. */
    void clear() {
        Path root = folder.resolve("root");
        mounts.unmount(root);
        disk.delete(root);
        disk.delete(folder.resolve("none"));
    }

    private void mount(PreparedImage image, Path none, Path root) {
        // Layers stand by their short names, found from the working folder; the topmost comes first.
        String options = "ro,lowerdir=" + String.join(":", image.layers().reversed()) + ":" + none;
        if (options.getBytes(StandardCharsets.UTF_8).length > LONGEST_OPTIONS) {
            throw new Problem(
                            "container.too-many-layers",
                            "The image has " + image.layers().size() + " layers, more than one mount takes.",
                            "Build it with fewer layers.")
                    .asException();
        }
        CommandResult result = disk.run(
                LIMIT,
                image.layersRoot(),
                List.of("mount", "-t", "overlay", "overlay", "-o", options, root.toString()));
        if (!result.succeeded()) {
            String sentence = "The image of a new volume can't be mounted: " + result.complaint() + ".";
            throw DurableFiles.told(sentence, result.err())
                    .orElseGet(() -> new Problem(
                            "host.mount-failed",
                            sentence,
                            "Look whether the kernel has overlayfs and the data folder's file system carries it."))
                    .asException();
        }
    }
}
