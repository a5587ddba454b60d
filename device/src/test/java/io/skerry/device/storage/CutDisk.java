package io.skerry.device.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.device.host.CommandResult;
import io.skerry.device.host.HostCommands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * The real disk, on which everything stops at a chosen call: as if the daemon had been killed there. What the kernel has outlives
 * that, so the whole file system isn't synced, which would take most of a test's time.
 */
final class CutDisk implements Disk {
    private static final CommandResult SYNCED = new CommandResult("sync", 0, "", "");

    private final Disk real;
    private final int at;
    private final Where where;
    private final boolean full;
    private int calls;

    CutDisk(HostCommands commands, int at, Where where) {
        this(commands, at, where, false);
    }

    private CutDisk(HostCommands commands, int at, Where where, boolean full) {
        this.real = new Disk.Real(commands);
        this.at = at;
        this.where = where;
        this.full = full;
    }

    /** Nothing can be copied for want of room. */
    CutDisk full() {
        return new CutDisk(((Disk.Real) real).commands(), at, where, true);
    }

    static CutDisk uncut(HostCommands commands) {
        return new CutDisk(commands, -1, Where.BEFORE);
    }

    enum Where {
        /** Before a call, and so after the one before it. */
        BEFORE,
        /** Of the calls that can do a part of what they do, one did so. */
        INSIDE
    }

    /** Stands for the daemon's end: nothing of the daemon may catch it. */
    static final class Cut extends Error {
        private static final long serialVersionUID = 1;

        Cut(String call) {
            super(call);
        }
    }

    private <T> T call(String name, Supplier<T> whole) {
        if (where == Where.BEFORE && calls++ == at) {
            throw new Cut("before " + name);
        }
        return whole.get();
    }

    private <T> T call(String name, Runnable partly, Supplier<T> whole) {
        if (where == Where.INSIDE && calls++ == at) {
            partly.run();
            throw new Cut("inside " + name);
        }
        return call(name, whole);
    }

    private void call(String name, Runnable whole) {
        call(name, () -> {
            whole.run();
            return name;
        });
    }

    @Override
    public CommandResult run(Duration limit, Path folder, List<String> arguments) {
        String program = arguments.getFirst();
        if (full && (program.equals("cp") || arguments.contains("snapshot"))) {
            return call(program, () -> new CommandResult(program, 1, "", "cp: No space left on device"));
        }
        Supplier<CommandResult> whole = () -> program.equals("sync") ? SYNCED : real.run(limit, folder, arguments);
        return switch (program) {
            case "cp" -> call(program, () -> spoil(whole.get(), Path.of(arguments.getLast())), whole);
            case "rm" -> call(program, () -> spoil(SYNCED, Path.of(arguments.getLast())), whole);
            case "find" -> call(program, () -> spoil(SYNCED, Path.of(arguments.get(1))), whole);
            default -> call(program, whole);
        };
    }

    /** Removes some of what a folder has. */
    private static void spoil(CommandResult after, Path folder) {
        if (!after.succeeded() || !Files.isDirectory(folder)) {
            return;
        }
        try (var files = Files.walk(folder)) {
            for (Path file :
                    files.filter(Files::isRegularFile).sorted().limit(2).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void makeFolder(Path folder) {
        call("makeFolder", () -> real.makeFolder(folder));
    }

    @Override
    public void move(Path from, Path to) {
        call("move", () -> real.move(from, to));
    }

    @Override
    public void write(Path file, byte[] content) {
        call(
                "write",
                () -> {
                    try {
                        Files.write(file.resolveSibling("." + file.getFileName() + ".x.tmp"), new byte[] {'{'});
                    } catch (IOException e) {
                        // On a full disk not even a part is written.
                        assertThat(e).hasMessageContaining("No space left on device");
                    }
                },
                () -> {
                    real.write(file, content);
                    return file;
                });
    }

    @Override
    public void delete(Path file) {
        call("delete", () -> real.delete(file));
    }

    @Override
    public void makeLike(Path folder, Path model) {
        call("makeLike", () -> real.makeLike(folder, model));
    }

    @Override
    public void setMode(Path folder, int mode) {
        call("setMode", () -> real.setMode(folder, mode));
    }
}
