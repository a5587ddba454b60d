package io.skerry.device.storage;

import io.skerry.content.files.DurableFiles;
import io.skerry.device.filesystem.Mounts;
import io.skerry.device.filesystem.Room;
import io.skerry.device.host.CommandResult;
import io.skerry.device.host.HostCommands;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.status.VolumeReports.Method;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Whole folders, copied and removed by the host's tools, which keep owners, modes, times, hard links, holes, lists of access
 * rights and extended attributes. On btrfs a volume is a subvolume, of which the file system itself can keep a copy.
 */
final class Trees {
    /** How long a tool may take, besides what it takes to copy at a megabyte a second. */
    private static final Duration LIMIT = Duration.ofMinutes(10);

    /** The inode number that btrfs gives the root of each subvolume. */
    private static final long SUBVOLUME_INODE = 256;

    private final Disk disk;
    private final Mounts mounts;
    private final Path root;
    /** Found out when it is first asked for: a file system doesn't learn it later. */
    private volatile Optional<Boolean> sharesBlocks = Optional.empty();

    /** @param root the folder below which all trees are */
    Trees(Disk disk, Mounts mounts, Path root) {
        this.disk = disk;
        this.mounts = mounts;
        this.root = root;
    }

    /** An empty folder, which must not be there yet. */
    void make(Path folder) {
        if (isBtrfs(root) && hasBtrfsTool()) {
            run(LIMIT, "btrfs", "subvolume", "create", folder.toString()).orFail();
        } else {
            disk.makeFolder(folder);
        }
    }

    /** How a copy of this folder would be made now. */
    Method method(Path folder) {
        if (isSubvolume(folder) && hasBtrfsTool() && !hasSubvolumes(folder)) {
            return Method.SUBVOLUME;
        }
        return sharesBlocks() ? Method.REFLINK : Method.COPY;
    }

    /** What a copy of this folder would take, in bytes. */
    long copyBytes(Path folder) {
        return method(folder) == Method.COPY ? bytes(folder) : 0;
    }

    /**
     * Copies a folder to where nothing is yet. When that fails, nothing is left there.
     *
     * @param frozen whether nobody will write to the copy
     * @throws ProblemException {@code disk.full} with figures, {@code disk.…}, {@code host.…}
     */
    Method copy(Path from, Path to, boolean frozen) {
        try {
            return copied(from, to, frozen);
        } catch (RuntimeException e) {
            try {
                remove(to);
            } catch (RuntimeException second) {
                // It is removed when it is tried again.
                e.addSuppressed(second);
            }
            throw e;
        }
    }

    private Method copied(Path from, Path to, boolean frozen) {
        Method method = method(from);
        if (method == Method.SUBVOLUME && snapshot(from, to, frozen)) {
            return Method.SUBVOLUME;
        }
        if (method != Method.COPY) {
            prepare(to, frozen);
            if (fill(to, from, Duration.ZERO, "--reflink=always").succeeded()) {
                return Method.REFLINK;
            }
            // Some files can't share their blocks, such as those that are told not to be copied on writing.
            remove(to);
        }
        long bytes = bytes(from);
        Room.require("A copy of the volume " + from.getFileName(), bytes, root);
        prepare(to, frozen);
        CommandResult result = fill(to, from, Duration.ofSeconds(bytes >> 20), "--sparse=always");
        if (!result.succeeded()) {
            throw failed("A copy of the volume " + from.getFileName(), bytes, result);
        }
        return Method.COPY;
    }

    private boolean snapshot(Path from, Path to, boolean frozen) {
        return (frozen
                        ? run(LIMIT, "btrfs", "subvolume", "snapshot", "-r", from.toString(), to.toString())
                        : run(LIMIT, "btrfs", "subvolume", "snapshot", from.toString(), to.toString()))
                .succeeded();
    }

    private void prepare(Path to, boolean frozen) {
        if (frozen) {
            disk.makeFolder(to);
        } else {
            // It becomes a volume, of which snapshots will be taken.
            make(to);
        }
    }

    private CommandResult fill(Path to, Path from, Duration more, String how) {
        return run(LIMIT.plus(more), "cp", "-a", how, "--", from + "/.", to.toString());
    }

    /**
     * Copies what a folder of an image has into an empty one.
     *
     * @throws ProblemException {@code disk.full} with figures, {@code host.…}
     */
    void fillFromImage(Path to, Path from) {
        long bytes = bytes(from);
        Room.require("A new volume", bytes, root);
        CommandResult result = fill(to, from, Duration.ofSeconds(bytes >> 20), "--sparse=always");
        if (!result.succeeded()) {
            throw failed("A new volume", bytes, result);
        }
    }

    /** Lets a copy be moved and written to that nobody was to write to. */
    void thaw(Path copy) {
        if (isSubvolume(copy) && hasBtrfsTool()) {
            run(LIMIT, "btrfs", "property", "set", "-ts", copy.toString(), "ro", "false")
                    .orFail();
        }
    }

    private ProblemException failed(String what, long bytes, CommandResult result) {
        if (result.err().contains("No space left on device") || result.err().contains("Disk quota exceeded")) {
            return Room.full(what, bytes + Room.floor(root), Room.free(root));
        }
        String sentence = what + " can't be made: " + result.complaint() + ".";
        return DurableFiles.told(sentence, result.err())
                .orElseGet(() -> new Problem("disk.copy-failed", sentence, "Look at the file system's state."))
                .asException();
    }

    /** Makes everything in the file system outlive a loss of power. */
    void sync(Path folder) {
        run(LIMIT, "sync", "-f", folder.toString()).orFail();
    }

    /** What a folder takes on the disk: allocated blocks, each file counted once. */
    long bytes(Path folder) {
        String said =
                run(LIMIT, "du", "-s", "-B1", "--", folder.toString()).orFail().out();
        int end = said.indexOf('\t');
        if (end < 1) {
            throw new Problem("host.command-failed", "'du' told no size of " + folder + ".").asException();
        }
        return Long.parseLong(said.substring(0, end).strip());
    }

    /** Removes a folder and all in it; nothing to do is no error. */
    void remove(Path folder) {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (isSubvolume(folder)
                && hasBtrfsTool()
                && run(LIMIT, "btrfs", "subvolume", "delete", folder.toString()).succeeded()) {
            return;
        }
        requireNothingMounted(folder);
        // A container may have made paths that are too long for Java, and subvolumes.
        run(LIMIT, "rm", "-rf", "--", folder.toString()).orFail();
    }

    /** Removes all in a folder, which stays. */
    void empty(Path folder) {
        requireNothingMounted(folder);
        run(LIMIT, "find", folder.toString(), "-mindepth", "1", "-delete").orFail();
    }

    private void requireNothingMounted(Path folder) {
        if (!mounts.under(folder).isEmpty()) {
            throw new Problem(
                            "disk.in-use",
                            "Something is mounted in " + folder + ", so it isn't removed.",
                            "Unmount it; it is tried again by itself.")
                    .asException();
        }
    }

    private boolean isSubvolume(Path folder) {
        try {
            return ((Number) Files.getAttribute(folder, "unix:ino", LinkOption.NOFOLLOW_LINKS)).longValue()
                            == SUBVOLUME_INODE
                    && isBtrfs(folder);
        } catch (IOException e) {
            return false;
        }
    }

    private boolean isBtrfs(Path folder) {
        CommandResult type = run(LIMIT, "stat", "-f", "-c", "%T", folder.toString());
        return type.succeeded() && type.out().strip().equals("btrfs");
    }

    /** A container can make subvolumes in its volume, which no snapshot of the volume has. */
    private boolean hasSubvolumes(Path folder) {
        CommandResult list = run(LIMIT, "btrfs", "subvolume", "list", "-o", folder.toString());
        return !list.succeeded() || !list.out().isBlank();
    }

    private static boolean hasBtrfsTool() {
        return HostCommands.SEARCH_PATH.stream().anyMatch(p -> Files.isExecutable(Path.of(p, "btrfs")));
    }

    private boolean sharesBlocks() {
        Optional<Boolean> known = sharesBlocks;
        if (known.isEmpty()) {
            Path probe = root.resolve(".probe");
            Path copy = root.resolve(".probe.copy");
            disk.write(probe, new byte[] {1});
            try {
                known = Optional.of(run(LIMIT, "cp", "--reflink=always", "--", probe.toString(), copy.toString())
                        .succeeded());
            } finally {
                disk.delete(copy);
                disk.delete(probe);
            }
            sharesBlocks = known;
        }
        return known.get();
    }

    private CommandResult run(Duration limit, String... arguments) {
        return disk.run(limit, root, List.of(arguments));
    }
}
