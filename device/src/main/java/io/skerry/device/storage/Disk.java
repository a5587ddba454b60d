package io.skerry.device.storage;

import io.skerry.content.files.DurableFiles;
import io.skerry.device.host.CommandResult;
import io.skerry.device.host.HostCommand;
import io.skerry.device.host.HostCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** All by which this package changes what is on the disk, one call each, so that a test can stop between any two. */
interface Disk {
    /** Runs a tool of the host in a folder, for so long at most. */
    CommandResult run(Duration limit, Path folder, List<String> arguments);

    /** Makes a folder and those above it, so that they outlive a loss of power. */
    void makeFolder(Path folder);

    void move(Path from, Path to);

    void write(Path file, byte[] content);

    /** Deletes a file or an empty folder, if it is there. */
    void delete(Path file);

    /** Gives a folder the owner and the mode of another. */
    void makeLike(Path folder, Path model);

    void setMode(Path folder, int mode);

    static boolean isFolder(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    /** The real one. */
    record Real(HostCommands commands) implements Disk {
        @Override
        public CommandResult run(Duration limit, Path folder, List<String> arguments) {
            return commands.run(HostCommand.of(arguments).in(folder).within(limit));
        }

        @Override
        public void makeFolder(Path folder) {
            Deque<Path> missing = new ArrayDeque<>();
            for (Path at = folder; at != null && !Files.exists(at); at = at.getParent()) {
                missing.push(at);
            }
            try {
                for (Path path : missing) {
                    Files.createDirectory(path);
                    DurableFiles.syncDirectory(path.resolveSibling(".").normalize());
                }
            } catch (IOException e) {
                throw DurableFiles.failed("make", folder, e);
            }
        }

        @Override
        public void move(Path from, Path to) {
            DurableFiles.move(from, to);
        }

        @Override
        public void write(Path file, byte[] content) {
            DurableFiles.write(file, content, 0600);
        }

        @Override
        public void delete(Path file) {
            DurableFiles.delete(file);
        }

        @Override
        public void makeLike(Path folder, Path model) {
            try {
                for (String attribute : List.of("unix:uid", "unix:gid", "unix:mode")) {
                    Files.setAttribute(
                            folder, attribute, Files.getAttribute(model, attribute, LinkOption.NOFOLLOW_LINKS));
                }
            } catch (IOException e) {
                throw DurableFiles.failed("make", folder, e);
            }
        }

        @Override
        public void setMode(Path folder, int mode) {
            try {
                Files.setAttribute(folder, "unix:mode", mode);
            } catch (IOException e) {
                throw DurableFiles.failed("make", folder, e);
            }
        }
    }
}
