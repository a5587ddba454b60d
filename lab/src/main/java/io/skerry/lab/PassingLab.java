package io.skerry.lab;

import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lab beside others on this host, in a folder of its own, that runs as long as this is open. Nothing is left of it then, nor
 * when this process is told to end before.
 */
public final class PassingLab implements AutoCloseable {
    private final Path folder;
    private final Lab lab;
    private final FleetApi api;
    private final Thread cleaner = new Thread(this::takeDown, "passing-lab");
    private final ReentrantLock ending = new ReentrantLock();
    private boolean isDown;

    /**
     * Starts it.
     *
     * @param name 1 to 9 lower-case letters and digits, not used by another lab on this host
     * @param devices how many; may be 0
     * @throws ProblemException why it can't run; nothing is left of it then
     */
    public PassingLab(Installation installation, String name, int devices) {
        try {
            folder = Files.createTempDirectory("skerry-" + name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        lab = Lab.create(installation, folder.resolve("lab"), name, devices);
        Runtime.getRuntime().addShutdownHook(cleaner);
        try {
            lab.start(Progress.SILENT);
            api = lab.cloud().api();
        } catch (RuntimeException e) {
            end();
            throw e;
        }
    }

    /** Goes with the lab; there is room for whatever belongs to the same trial. */
    public Path folder() {
        return folder;
    }

    public Lab lab() {
        return lab;
    }

    public FleetApi api() {
        return api;
    }

    @Override
    public void close() {
        api.close();
        end();
    }

    private void end() {
        try {
            Runtime.getRuntime().removeShutdownHook(cleaner);
        } catch (IllegalStateException _) {
            // This process is told to end, and takes it down already.
        }
        takeDown();
    }

    /** Once, whoever asks; who comes second waits for its end. */
    private void takeDown() {
        ending.lock();
        try {
            if (isDown) {
                return;
            }
            isDown = true;
            try {
                lab.down(true, Progress.SILENT);
            } finally {
                lab.close();
                Folders.delete(folder);
            }
        } finally {
            ending.unlock();
        }
    }
}
