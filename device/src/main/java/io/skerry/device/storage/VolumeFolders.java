package io.skerry.device.storage;

import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Where volumes lie: {@code permanent/<container>/<volume>} and, as they were before an update,
 * {@code before/<revision>/<container>/<volume>} beside the record {@code .<volume>.json}, which is {@code .<volume>.moved} once
 * that folder itself goes to the volume's place. A volume's name begins with no dot,
 * so that what does is the daemon's own.
 */
record VolumeFolders(Path root) {
    static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");

    Path permanent() {
        return root.resolve("permanent");
    }

    Path before() {
        return root.resolve("before");
    }

    Path container(String container) {
        return permanent().resolve(checked(container));
    }

    Path volume(String container, String volume) {
        return container(container).resolve(checked(volume));
    }

    /** A new volume before it is whole. */
    Path fresh(String container, String volume) {
        return beside(container, volume, ".new");
    }

    /** What will take a volume's place, before it is whole. */
    Path restoring(String container, String volume) {
        return beside(container, volume, ".restoring");
    }

    /** What will take a volume's place, whole. */
    Path restored(String container, String volume, int revision) {
        return beside(container, volume, ".restored-" + revision);
    }

    /** What a volume was until it was restored. */
    Path givenUp(String container, String volume, int revision) {
        return beside(container, volume, ".given-up-" + revision);
    }

    Path kept(int revision, String container) {
        return before().resolve(Integer.toString(revision)).resolve(checked(container));
    }

    Path kept(int revision, String container, String volume) {
        return kept(revision, container).resolve(checked(volume));
    }

    Path record(int revision, String container, String volume) {
        return kept(revision, container).resolve("." + checked(volume) + ".json");
    }

    /** The record of what goes, or went, to the volume's place itself. */
    Path movedRecord(int revision, String container, String volume) {
        return kept(revision, container).resolve("." + checked(volume) + ".moved");
    }

    private Path beside(String container, String volume, String ending) {
        return container(container).resolve("." + checked(volume) + ending);
    }

    /** Never a path: a name that leads elsewhere is refused wherever it comes from. */
    private static String checked(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new Problem(
                            "container.volume",
                            "'" + Text.shortened(name, 60) + "' can't be the name of a volume or its container.",
                            "Use letters, digits, dots, dashes and underscores.")
                    .asException();
        }
        return name;
    }
}
