package io.skerry.device.watch;

import java.io.IOException;

/** A call of the kernel failed. */
final class SystemCallException extends IOException {
    /** {@code ENOTTY}: the file isn't a device that knows this request. */
    static final int NOT_SUCH_A_DEVICE = 25;

    private static final long serialVersionUID = 1;

    private final int errno;

    SystemCallException(String what, int errno, String words) {
        super(what + ": " + words);
        this.errno = errno;
    }

    int errno() {
        return errno;
    }
}
