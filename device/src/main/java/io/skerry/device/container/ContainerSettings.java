package io.skerry.device.container;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.nio.file.Path;

/**
 * Where containers live on this device and by which tools they are run.
 *
 * @param data the daemon's data folder; all files of containers are below it
 * @param scope sets this daemon's control groups ({@code /skerry/<scope>/<container>}) apart from those of another daemon on
 *     the same machine
 * @param runc the runtime, by name or absolute path
 * @param conmon each container's parent, by name or absolute path
 * @param tini the statically linked init that becomes PID 1 in each container
 * @param logBytes how much of its log a container keeps, about; never more than twice as much
 */
public record ContainerSettings(Path data, String scope, String runc, String conmon, Path tini, long logBytes) {
    public static final long DEFAULT_LOG_BYTES = 1 << 20;

    /** @throws ProblemException {@code data.folder-name} when the folder's name can't stand in a mount's options */
    public ContainerSettings {
        data = data.toAbsolutePath().normalize();
        // Overlay mounts take their folders as options, in which these characters part one from the next.
        if (data.toString().chars().anyMatch(c -> ",:\\\"".indexOf(c) >= 0 || Character.isISOControl(c))) {
            throw new Problem(
                            "data.folder-name",
                            "The data folder '" + data + "' has a character in its name that a mount can't take.",
                            "Use a folder without comma, colon, backslash, quote and control characters in its path.")
                    .asException();
        }
        if (!scope.matches("[A-Za-z0-9][A-Za-z0-9_.-]{0,62}")) {
            throw new IllegalArgumentException("'" + scope + "' can't name a control group");
        }
    }

    /** With Debian's tools and the default log. */
    public static ContainerSettings of(Path data, String scope) {
        return new ContainerSettings(data, scope, "runc", "conmon", Path.of("/usr/bin/tini-static"), DEFAULT_LOG_BYTES);
    }

    String cgroupScope() {
        return "/skerry/" + scope;
    }

    /** What holds until the machine goes down. */
    public Path run() {
        return data.resolve("run");
    }

    /** Where the containers' network namespaces are held, and nothing else is. */
    public Path networks() {
        return run().resolve("netns");
    }

    Path runcRoot() {
        return run().resolve("runc");
    }

    Path exits() {
        return run().resolve("exits");
    }

    Path notes() {
        return run().resolve("notes");
    }

    ContainerFolder folder(String id) {
        return new ContainerFolder(containers().resolve(id), notes().resolve(id));
    }

    Path containers() {
        return data.resolve("containers");
    }

    Path volumes() {
        return data.resolve("volumes/permanent");
    }
}
