package io.skerry.device.storage;

import io.skerry.device.revision.PreparedImage;
import io.skerry.device.revision.Volumes;
import io.skerry.spec.desired.VolumeMount;
import io.skerry.spec.status.VolumeReports;
import java.util.List;
import java.util.Set;

/** To be built. */
public final class FolderVolumes implements Volumes {
    @Override
    public boolean has(String container, String volume) {
        return true;
    }

    @Override
    public void create(String container, VolumeMount mount, PreparedImage image) {}

    @Override
    public void remove(String container) {}

    @Override
    public long snapshotBytes(String container, String volume) {
        return 0;
    }

    @Override
    public void snapshot(int revision, String container, String volume) {}

    @Override
    public Set<VolumeId> snapshots(int revision) {
        return Set.of();
    }

    @Override
    public void restore(int revision, String container, String volume) {}

    @Override
    public List<VolumeReports.Report> reports(int revision) {
        return List.of();
    }

    @Override
    public void keepOnly(Set<Integer> revisions) {}
}
