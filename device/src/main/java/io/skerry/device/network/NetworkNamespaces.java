package io.skerry.device.network;

import io.skerry.content.files.DurableFiles;
import io.skerry.device.filesystem.Mounts;
import io.skerry.device.host.CommandResult;
import io.skerry.device.host.HostCommand;
import io.skerry.device.host.HostCommands;
import io.skerry.device.revision.Networks;
import io.skerry.spec.Problem;
import io.skerry.spec.desired.Container;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Network namespaces with nothing but loopback, each held by a mount on a file of its name. One is there
 * as long as its mount is, which the machine's power ends; the file below it says nothing.
 *
 * <p>They are mounted in the mount namespace of the daemon, which has to be the machine's: then they are there for the next
 * daemon too.
 */
public final class NetworkNamespaces implements Networks {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.+-]{0,127}");
    private static final Path OWN = Path.of("/proc/self/ns/net");
    private static final int LOCKS = 16;

    private final Path folder;
    private final HostCommands commands;
    private final Mounts mounts;
    /** One change of each at a time: two mounts at one place would hide one another. */
    private final List<ReentrantLock> changing =
            Stream.generate(ReentrantLock::new).limit(LOCKS).toList();
    /** In which namespaces this process brought loopback up, by what the kernel calls them: that needn't be done twice. */
    private final Map<String, String> configured = new ConcurrentHashMap<>();

    /** @param folder in which the files are; theirs alone */
    public NetworkNamespaces(Path folder, HostCommands commands) {
        this.folder = folder;
        this.commands = commands;
        this.mounts = new Mounts(commands);
    }

    /** As the constructor, and removes the files that an earlier boot left. */
    public static NetworkNamespaces open(Path folder, HostCommands commands) {
        NetworkNamespaces namespaces = new NetworkNamespaces(folder, commands);
        namespaces.clear();
        return namespaces;
    }

    private void clear() {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try {
            try (var files = Files.newDirectoryStream(folder)) {
                for (Path file : files) {
                    if (mounts.at(file).isEmpty()) {
                        Files.deleteIfExists(file);
                    }
                }
            }
        } catch (IOException e) {
            throw DurableFiles.failed("clean up", folder, e);
        }
    }

    @Override
    public Path configure(String id, Container container) {
        Path file = file(id);
        ReentrantLock lock = lock(id);
        lock.lock();
        try {
            Optional<String> there = namespace(file);
            if (there.isEmpty()) {
                makeWay(file);
                run(id, "unshare", "--net=" + file);
            } else if (!there.get().equals(configured.get(id))) {
                // An earlier daemon may have been killed before it brought loopback up.
                run(id, "nsenter", "--net=" + file);
            } else {
                return file;
            }
            namespace(file).ifPresent(n -> configured.put(id, n));
            return file;
        } finally {
            lock.unlock();
        }
    }

    private ReentrantLock lock(String id) {
        return changing.get(Math.floorMod(id.hashCode(), LOCKS));
    }

    /** The program is busybox's, which the device needs for health checks as well. */
    private void run(String id, String... within) {
        CommandResult result =
                commands.run(HostCommand.of(within[0], within[1], "busybox", "ip", "link", "set", "lo", "up"));
        if (!result.succeeded()) {
            throw new Problem(
                            "network.namespace-failed",
                            "The network of '" + id + "' can't be made: " + result.complaint() + ".",
                            "Look whether the kernel has network namespaces and the device memory left.")
                    .asException();
        }
    }

    /** Leaves a file on which nothing is mounted. */
    private void makeWay(Path file) {
        mounts.unmount(file);
        try {
            Files.createDirectories(folder);
            Files.createFile(file);
        } catch (FileAlreadyExistsException e) {
            // Of an earlier boot.
        } catch (IOException e) {
            throw DurableFiles.failed("make", file, e);
        }
    }

    @Override
    public boolean has(String id) {
        return namespace(file(id)).isPresent();
    }

    /** What the kernel calls the namespace that is held there. */
    private Optional<String> namespace(Path file) {
        // Asked often of forms that aren't there; the table of all mounts is long on some devices.
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        return mounts.at(file).filter(NetworkNamespaces::isNamespace).map(Mounts.Mount::root);
    }

    @Override
    public void remove(String id) {
        Path file = file(id);
        ReentrantLock lock = lock(id);
        lock.lock();
        try {
            configured.remove(id);
            mounts.unmount(file);
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw DurableFiles.failed("delete", file, e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Set<String> all() {
        Set<String> ids = new TreeSet<>();
        for (Mounts.Mount mount : mounts.under(folder)) {
            String id = String.valueOf(mount.at().getFileName());
            if (ID.matcher(id).matches() && has(id)) {
                ids.add(id);
            }
        }
        return ids;
    }

    /** The daemon's own doesn't count, however it came there: a container must never run in it. */
    private static boolean isNamespace(Mounts.Mount mount) {
        return mount.type().equals("nsfs")
                && mount.root().startsWith("net:")
                && !mount.root().equals(own());
    }

    private static String own() {
        try {
            return Files.readSymbolicLink(OWN).toString();
        } catch (IOException e) {
            throw DurableFiles.failed("read", OWN, e);
        }
    }

    private Path file(String id) {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("'" + id + "' can't be a network namespace's name");
        }
        return folder.resolve(id);
    }
}
