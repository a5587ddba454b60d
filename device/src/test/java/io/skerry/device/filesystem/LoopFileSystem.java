package io.skerry.device.filesystem;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.skerry.device.host.HostCommand;
import io.skerry.device.host.HostCommands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A file system of its own in a file, for as long as it is open; its test is skipped where that can't be. */
public final class LoopFileSystem implements AutoCloseable {
    private final HostCommands commands = new HostCommands();
    private final Path folder;

    private LoopFileSystem(Path folder) {
        this.folder = folder;
    }

    /** @param make the program that makes the file system, and its arguments but for the file */
    public static LoopFileSystem of(long bytes, String... make) {
        requireRoot();
        assumeTrue(isProgram(make[0]), make[0] + " is not installed");
        try {
            LoopFileSystem made = new LoopFileSystem(Files.createTempDirectory("skerry-loop"));
            made.mount(bytes, List.of(make));
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void requireRoot() {
        try {
            assumeTrue(Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid")), "not root");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isProgram(String name) {
        return HostCommands.SEARCH_PATH.stream().anyMatch(p -> Files.isExecutable(Path.of(p, name)));
    }

    private void mount(long bytes, List<String> make) throws IOException {
        Path image = folder.resolve("image");
        try (FileChannel file =
                FileChannel.open(image, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
            file.write(ByteBuffer.wrap(new byte[] {0}), bytes - 1);
        }
        List<String> arguments = new ArrayList<>(make);
        arguments.add(image.toString());
        commands.run(HostCommand.of(arguments)).orFail();
        Files.createDirectory(root());
        boolean mounted = commands.run(HostCommand.of("mount", "-o", "loop", image.toString(), root().toString()))
                .succeeded();
        if (!mounted) {
            remove();
        }
        assumeTrue(mounted, "this kernel doesn't mount what " + make.getFirst() + " makes");
    }

    /** Its root folder. */
    public Path root() {
        return folder.resolve("root");
    }

    @Override
    public void close() {
        Mounts mounts = new Mounts(commands);
        mounts.under(root()).reversed().forEach(m -> mounts.unmount(m.at()));
        remove();
    }

    private void remove() {
        commands.run(HostCommand.of("rm", "-rf", "--one-file-system", folder.toString()))
                .orFail();
    }
}
