package io.skerry.device.container;

import java.nio.file.Path;

/**
 * The files of one form of a container: everything of it but its volumes, gone when it is removed. Two forms of a container can
 * be on the device at once, hence each name has two folders: {@code <name>} and {@code <name>+}, which no name can be. Neither is
 * the main one's by itself; {@link ContainerRecord#number()} tells which is.
 *
 * @param root outlives a reboot
 * @param notes what only tools of this boot need, where a full disk doesn't matter
 */
record ContainerFolder(Path root, Path notes) {
    private static final String MARK = "+";

    /** By which the runtime and the machine know this form. */
    String id() {
        return String.valueOf(root.getFileName());
    }

    /** The container's name, the same for both of its forms. */
    String name() {
        return name(id());
    }

    /** The name of the container of which a form has this id. */
    static String name(String id) {
        return id.endsWith(MARK) ? id.substring(0, id.length() - MARK.length()) : id;
    }

    /** The folder of the container's other form. */
    ContainerFolder other() {
        String id = id().equals(name()) ? name() + MARK : name();
        return new ContainerFolder(root.resolveSibling(id), notes.resolveSibling(id));
    }

    /** What it was started from; there as long as the container is one. */
    Path record() {
        return root.resolve("container.json");
    }

    /** The record's name from when its container is to go: none is taken for one that is kept then. */
    Path leaving() {
        return root.resolve("leaving.json");
    }

    /** How it runs now; after a reboot only how it ended counts. */
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

    /** Which folders its layers were when they were mounted. */
    Path laid() {
        return root.resolve("laid");
    }

    /** What the container sees as {@code /host}. */
    Path host() {
        return root.resolve("host");
    }

    /** Made by the container's program when it is ready. */
    Path readyWord() {
        return host().resolve("ready");
    }

    /** Made by the container's program while it doesn't want to be replaced. */
    Path updateLock() {
        return host().resolve("update.lock");
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
        return notes.resolve("pid");
    }

    /** Its configuration files in clear. */
    Path configFiles() {
        return notes.resolve("config");
    }

    Path conmonPid() {
        return notes.resolve("conmon.pid");
    }
}
