package io.skerry.lab.vm;

import io.skerry.device.host.CommandResult;
import io.skerry.device.host.HostCommand;
import io.skerry.device.host.HostCommands;
import io.skerry.lab.Folders;
import io.skerry.lab.host.Pause;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Debian packages that are unpacked into folders for guests, never installed. What is there stays as it is; to have newer ones,
 * delete the folder. Several processes may use one cache.
 */
final class PackageCache {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final HostCommands commands = new HostCommands();
    private final Path root;

    PackageCache(Path root) {
        this.root = root;
    }

    /**
     * A folder with the content of packages.
     *
     * @param name of the folder
     * @param packages is asked for when the folder isn't there
     * @param finish completes a new folder
     * @throws ProblemException {@code lab.package-missing} when one can't be downloaded
     */
    Path unpacked(String name, Supplier<List<String>> packages, Consumer<Path> finish) {
        Path folder = root.resolve(name);
        // It is moved there when it is complete.
        if (Files.isDirectory(folder)) {
            return folder;
        }
        try {
            Files.createDirectories(root);
            try (FileChannel file = FileChannel.open(
                            root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock _ = locked(file)) {
                if (!Files.isDirectory(folder)) {
                    Path fresh = root.resolve(name + ".unfinished");
                    Folders.delete(fresh);
                    unpack(packages.get(), Files.createDirectories(fresh));
                    finish.accept(fresh);
                    Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
                }
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FileLock locked(FileChannel file) throws IOException {
        while (true) {
            try {
                return file.lock();
            } catch (OverlappingFileLockException e) {
                // Another thread of this program has it; locks of files are between programs.
                Pause.of(Duration.ofMillis(100));
            }
        }
    }

    private void unpack(List<String> packages, Path folder) throws IOException {
        Path downloads = root.resolve("downloads");
        Folders.delete(downloads);
        Files.createDirectories(downloads);
        download(packages, downloads);
        try (Stream<Path> files = Files.list(downloads)) {
            for (Path file : files.sorted().toList()) {
                commands.run(HostCommand.of("dpkg-deb", "-x", file.toString(), folder.toString())
                                .within(PATIENCE))
                        .orFail();
            }
        }
        Folders.delete(downloads);
    }

    private void download(List<String> packages, Path into) {
        List<String> command = Stream.concat(Stream.of("apt-get", "download", "-q"), packages.stream())
                .toList();
        CommandResult result = commands.run(HostCommand.of(command).in(into).within(PATIENCE));
        if (!result.succeeded()) {
            refresh();
            result = commands.run(HostCommand.of(command).in(into).within(PATIENCE));
        }
        if (!result.succeeded()) {
            throw missing(String.join(", ", packages), result);
        }
    }

    /** The package that another one, whose name stays, depends on first. */
    String dependency(String name) {
        CommandResult result = commands.run(HostCommand.of("apt-cache", "depends", name));
        if (!result.succeeded() || !result.out().contains("Depends: ")) {
            refresh();
            result = commands.run(HostCommand.of("apt-cache", "depends", name));
        }
        CommandResult last = result;
        return result.out()
                .lines()
                .map(String::strip)
                .filter(l -> l.startsWith("Depends: "))
                .map(l -> l.substring("Depends: ".length()))
                .findFirst()
                .orElseThrow(() -> missing(name, last));
    }

    /** The lists may be older than the archive, or not be there. */
    private void refresh() {
        commands.run(HostCommand.of("apt-get", "update", "-q").within(PATIENCE));
    }

    private static ProblemException missing(String packages, CommandResult result) {
        return new Problem(
                        "lab.package-missing",
                        "The Debian packages " + packages
                                + ", which virtual machines are made of, can't be downloaded: " + result.complaint()
                                + ".",
                        "Look at the package sources in /etc/apt.")
                .asException();
    }
}
