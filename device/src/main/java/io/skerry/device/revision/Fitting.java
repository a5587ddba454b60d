package io.skerry.device.revision;

import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Image;
import io.skerry.spec.desired.Workload;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds out which of the changed containers there is room for when there isn't for all of them. */
final class Fitting {
    private final Images images;
    private final int revision;

    /** @param revision for which room is looked for; none of it stays taken */
    Fitting(Images images, int revision) {
        this.images = images;
        this.revision = revision;
    }

    /**
     * The containers whose new images don't fit beside those of the others, the smallest first let in.
     *
     * @return empty when none of them fits, or all do: then leaving some out helps nobody
     */
    Set<String> tooMuch(Workload wanted, Workload committed) {
        List<Map.Entry<String, Container>> changed = new ArrayList<>(wanted.containers().entrySet().stream()
                .filter(e -> !e.getValue().equals(committed.containers().get(e.getKey())))
                .filter(e -> !images.isSound(e.getValue().image().manifest()))
                .toList());
        changed.sort(Comparator.comparingLong(e ->
                e.getValue().image().compressedBytes() + e.getValue().image().unpackedBytes()));
        Set<Image> fitting = new HashSet<>();
        Set<String> tooMuch = new HashSet<>();
        for (Map.Entry<String, Container> entry : changed) {
            Set<Image> with = new HashSet<>(fitting);
            with.add(entry.getValue().image());
            if (fits(with)) {
                fitting = with;
            } else {
                tooMuch.add(entry.getKey());
            }
        }
        images.release(revision);
        return fitting.isEmpty() ? Set.of() : tooMuch;
    }

    private boolean fits(Set<Image> wanted) {
        try {
            images.reserve(revision, wanted, 0);
            return true;
        } catch (ProblemException _) {
            return false;
        }
    }
}
