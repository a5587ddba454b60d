package io.skerry.bench;

import io.skerry.device.revision.Images;
import io.skerry.device.revision.PreparedImage;
import io.skerry.spec.Digest;
import io.skerry.spec.desired.Image;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/** One image that is on the device all the while. */
record PresentImage(PreparedImage image) implements Images {
    @Override
    public void reserve(int revision, Collection<Image> images, long more) {}

    @Override
    public void release(int revision) {}

    @Override
    public void fetch(Image wanted) {}

    @Override
    public boolean fetched(Image wanted) {
        return wanted.manifest().equals(image.manifest());
    }

    @Override
    public PreparedImage unpack(Image wanted) {
        return image;
    }

    @Override
    public Optional<PreparedImage> prepared(Digest manifest) {
        return manifest.equals(image.manifest()) ? Optional.of(image) : Optional.empty();
    }

    @Override
    public boolean isSound(Digest manifest) {
        return manifest.equals(image.manifest());
    }

    @Override
    public boolean isFoundDamaged(Digest manifest) {
        return false;
    }

    @Override
    public void collect(Set<Digest> keep) {}
}
