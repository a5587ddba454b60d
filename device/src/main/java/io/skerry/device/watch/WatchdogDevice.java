package io.skerry.device.watch;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** An open watchdog device. From its opening on the machine is reset unless it gets beats. */
final class WatchdogDevice {
    /** {@code _IOWR('W', 6, int)} and {@code _IOR('W', 7, int)} of linux/watchdog.h. */
    private static final long WDIOC_SETTIMEOUT = 0xC0045706L;

    private static final long WDIOC_GETTIMEOUT = 0x80045707L;

    /** Written before it is closed, it says that this is meant, and no crash. */
    private static final byte MAGIC_CLOSE = 'V';

    private static final byte BEAT = 0;

    private final LinuxCalls calls;
    private final Path path;
    private final int descriptor;

    private WatchdogDevice(LinuxCalls calls, Path path, int descriptor) {
        this.calls = calls;
        this.path = path;
        this.descriptor = descriptor;
    }

    static WatchdogDevice open(LinuxCalls calls, Path path) throws IOException {
        return new WatchdogDevice(calls, path, calls.open(path.toString()));
    }

    /**
     * Sets the time after which it resets the machine, and says which one it took. When it fails it is closed, and if it is a
     * watchdog at all it was stopped before.
     */
    Duration arm(Duration asked) throws IOException {
        try {
            return Duration.ofSeconds(calls.ioctl(descriptor, WDIOC_SETTIMEOUT, (int) asked.toSeconds()));
        } catch (SystemCallException refused) {
            if (refused.errno() == SystemCallException.NOT_SUCH_A_DEVICE) {
                // Nothing is written to what may be a disk.
                calls.close(descriptor);
                throw new IOException(path + " is no watchdog", refused);
            }
            try {
                // A time that can't be set, or not to this.
                return Duration.ofSeconds(calls.ioctl(descriptor, WDIOC_GETTIMEOUT, 0));
            } catch (SystemCallException e) {
                e.addSuppressed(refused);
                disarm();
                throw e;
            }
        }
    }

    void beat() throws IOException {
        calls.write(descriptor, BEAT);
    }

    /** Ends the watching, unless the driver was made so that nothing can. */
    void disarm() throws IOException {
        try {
            calls.write(descriptor, MAGIC_CLOSE);
        } finally {
            calls.close(descriptor);
        }
    }
}
