package io.skerry.device.network;

import io.skerry.device.host.HostCommand;
import io.skerry.device.host.HostCommands;
import io.skerry.device.revision.Networks;
import io.skerry.spec.desired.Container;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Network namespaces, each mounted on a file of its own. */
public final class NetworkNamespaces implements Networks {
    private final Path folder;
    private final HostCommands commands;

    private NetworkNamespaces(Path folder, HostCommands commands) {
        this.folder = folder;
        this.commands = commands;
    }

    /** The namespaces of a data folder. */
    public static NetworkNamespaces open(Path data, HostCommands commands) {
        return new NetworkNamespaces(data.resolve("run/netns"), commands);
    }

    @Override
    public Path configure(String id, Container container) {
        Path file = folder.resolve(id);
        if (!isMounted(file)) {
            try {
                Files.createDirectories(folder);
                Files.deleteIfExists(file);
                Files.createFile(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            commands.run(HostCommand.of("unshare", "--net=" + file, "ip", "link", "set", "lo", "up"))
                    .orFail();
        }
        return file;
    }

    @Override
    public boolean has(String id) {
        return isMounted(folder.resolve(id));
    }

    @Override
    public void remove(String id) {
        Path file = folder.resolve(id);
        if (isMounted(file)) {
            commands.run(HostCommand.of("umount", file.toString())).orFail();
        }
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Set<String> all() {
        if (!Files.isDirectory(folder)) {
            return Set.of();
        }
        Set<String> all = new TreeSet<>();
        try (Stream<Path> files = Files.list(folder)) {
            files.forEach(f -> all.add(String.valueOf(f.getFileName())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    private boolean isMounted(Path file) {
        try {
            return Files.exists(file)
                    && !Files.getAttribute(file, "unix:dev").equals(Files.getAttribute(folder, "unix:dev"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
