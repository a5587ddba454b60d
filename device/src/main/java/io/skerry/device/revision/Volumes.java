package io.skerry.device.revision;

import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.VolumeMount;
import io.skerry.spec.status.VolumeReports;
import java.util.List;
import java.util.Set;

/**
 * The volumes of containers, and how they were before an update. Safe for use by several threads; nobody writes to a volume
 * while its snapshot is taken or put back.
 */
public interface Volumes {
    /** Whether a container's volume is there. */
    boolean has(String container, String volume);

    /**
     * Makes a volume with what the image has at its target, unless it is there. It is there wholly or not at all.
     *
     * @throws ProblemException {@code container.volume}, {@code disk.…}, {@code host.…}
     */
    void create(String container, VolumeMount mount, PreparedImage image);

    /** Removes all volumes of a container that will not come back, and what was kept of them. */
    void remove(String container);

    /** How many bytes a snapshot of this volume would take; 0 where the file system lets it share the volume's blocks. */
    long snapshotBytes(String container, String volume);

    /**
     * Keeps a volume as it is now, durably, unless it is kept for this revision already. What was put back isn't kept any more:
     * it is kept anew.
     *
     * @throws ProblemException {@code disk.…}, {@code host.…}; the volume is as it was
     */
    void snapshot(int revision, String container, String volume);

    /** Which volumes were kept wholly for this revision, and not put back since. */
    Set<VolumeId> snapshots(int revision);

    /**
     * Makes a volume what it was when it was kept for this revision; can be repeated, also after it was cut off anywhere.
     *
     * @throws ProblemException {@code disk.…}, {@code host.…}
     */
    void restore(int revision, String container, String volume);

    /** What was kept for this revision, and what of it was put back. */
    List<VolumeReports.Report> reports(int revision);

    /** Removes what was kept for other revisions than these. */
    void keepOnly(Set<Integer> revisions);

    /** A volume of a container. */
    record VolumeId(String container, String volume) implements Comparable<VolumeId> {
        @Override
        public int compareTo(VolumeId other) {
            int byContainer = container.compareTo(other.container);
            return byContainer != 0 ? byContainer : volume.compareTo(other.volume);
        }
    }
}
