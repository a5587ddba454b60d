package io.skerry.device.container;

import java.nio.file.Path;

/** The files of one container: everything of it but its volumes, gone when it is removed. */
record ContainerFolder(Path root) {
    String name() {
        return String.valueOf(root.getFileName());
    }

    /** What it was started from; written once, durably. */
    Path record() {
        return root.resolve("container.json");
    }

    /** How it runs now; of no use after a reboot. */
    Path run() {
        return root.resolve("run.json");
    }

    Path bundle() {
        return root.resolve("bundle");
    }

    Path config() {
        return bundle().resolve("config.json");
    }

    Path upper() {
        return root.resolve("upper");
    }

    Path work() {
        return root.resolve("work");
    }

    /** Stands in for the layers of an image that has none. */
    Path none() {
        return root.resolve("none");
    }

    /** Where the image's layers and the writable one are mounted together. */
    Path rootfs() {
        return root.resolve("rootfs");
    }

    /** What the container sees as {@code /host}. */
    Path host() {
        return root.resolve("host");
    }

    Path hosts() {
        return root.resolve("hosts");
    }

    Path log() {
        return root.resolve("log");
    }

    /** Another name of the log, so that it isn't lost when conmon begins it anew. */
    Path heldLog() {
        return root.resolve("log.held");
    }

    Path olderLog() {
        return root.resolve("log.1");
    }

    Path pid() {
        return root.resolve("pid");
    }

    Path conmonPid() {
        return root.resolve("conmon.pid");
    }
}
