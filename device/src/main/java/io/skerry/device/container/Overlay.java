package io.skerry.device.container;

import io.skerry.content.files.DurableFiles;
import io.skerry.device.filesystem.Mounts;
import io.skerry.device.host.CommandResult;
import io.skerry.device.host.HostCommand;
import io.skerry.device.host.HostCommands;
import io.skerry.device.revision.PreparedImage;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Optional;

/** A container's root: its image's layers, read-only, under a writable one of its own. */
final class Overlay {
    private static final System.Logger LOG = System.getLogger(Overlay.class.getName());
    /** The kernel takes the options of a mount as one page. */
    private static final int LONGEST_OPTIONS = 4000;

    private final HostCommands commands;
    private final Mounts mounts;

    Overlay(HostCommands commands) {
        this.commands = commands;
        this.mounts = new Mounts(commands);
    }

    /**
     * Mounts a container's root, unless it is mounted.
     *
     * @throws ProblemException {@code container.too-many-layers}, {@code container.mount-failed}, {@code disk.…}
     */
    void mount(ContainerFolder folder, PreparedImage image) {
        if (mounts.at(folder.rootfs()).isPresent()) {
            return;
        }
        String options = options(folder, image);
        if (options.getBytes(StandardCharsets.UTF_8).length > LONGEST_OPTIONS) {
            throw new Problem(
                            "container.too-many-layers",
                            "The image of '" + folder.name() + "' has "
                                    + image.layers().size() + " layers, more than one mount takes.",
                            "Build it with fewer layers.")
                    .asException();
        }
        Optional<String> inodes = inodes(image);
        CommandResult result = commands.run(HostCommand.of(
                        "mount",
                        "-t",
                        "overlay",
                        "overlay",
                        "-o",
                        options,
                        folder.rootfs().toString())
                .in(image.layersRoot()));
        if (!result.succeeded()) {
            String sentence =
                    "The file system of '" + folder.name() + "' can't be mounted: " + result.complaint() + ".";
            throw DurableFiles.told(sentence, result.err())
                    .orElseGet(() -> new Problem(
                            "container.mount-failed",
                            sentence,
                            "Look whether the kernel has overlayfs and the data folder's file system carries it."))
                    .asException();
        }
        note(folder, inodes);
    }

    /** Unmounts a root whose layers were unpacked anew since, because they were damaged. */
    void unmountReplaced(ContainerFolder folder, PreparedImage image) {
        if (mounts.at(folder.rootfs()).isPresent() && !inodes(image).equals(noted(folder))) {
            unmount(folder);
        }
    }

    /** A layer that is unpacked anew is another folder of the same name. */
    private static Optional<String> inodes(PreparedImage image) {
        StringBuilder text = new StringBuilder();
        try {
            for (String layer : image.layers()) {
                text.append(Files.getAttribute(image.layersRoot().resolve(layer), "unix:ino"))
                        .append('\n');
            }
            return Optional.of(text.toString());
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "a layer isn't there", e);
            return Optional.empty();
        }
    }

    private static Optional<String> noted(ContainerFolder folder) {
        try {
            return Optional.of(Files.readString(folder.laid(), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Without it a container that is started again has its root mounted anew. */
    private static void note(ContainerFolder folder, Optional<String> inodes) {
        try {
            Files.deleteIfExists(folder.laid());
            if (inodes.isPresent()) {
                Files.writeString(folder.laid(), inodes.get(), StandardCharsets.US_ASCII);
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "what lies under " + folder.id() + " can't be noted", e);
        }
    }

    private static String options(ContainerFolder folder, PreparedImage image) {
        // Layers stand by their short names, found from the working folder; the topmost comes first.
        String lower = image.layers().isEmpty()
                ? folder.none().toString()
                : String.join(":", image.layers().reversed());
        return "lowerdir=" + lower + ",upperdir=" + folder.upper() + ",workdir=" + folder.work();
    }

    /** Unmounts a container's root if it is mounted; lazily when somebody still looks into it. */
    void unmount(ContainerFolder folder) {
        mounts.unmount(folder.rootfs());
    }
}
