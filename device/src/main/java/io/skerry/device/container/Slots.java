package io.skerry.device.container;

import io.skerry.device.revision.Slot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The forms of one container that are on the device: the main one, and one beside it. Of two the one with the smaller number is
 * the main one, and one that is alone is the main one whatever its number; so the one beside takes the other's place by the
 * other's removal alone, and all is as clear on the disk as in memory. Immutable.
 *
 * @param beside only with a main one
 */
record Slots(Optional<Form> main, Optional<Form> beside) {
    static final Slots NONE = new Slots(Optional.empty(), Optional.empty());

    /** @param forms at most two, with folders of their own */
    static Slots of(List<Form> forms) {
        List<Form> ordered = forms.stream()
                .sorted(Comparator.comparingInt(f -> f.record().number()))
                .toList();
        return new Slots(ordered.stream().findFirst(), ordered.stream().skip(1).findFirst());
    }

    /** Which folder is the main one's by what is on the disk now; empty when neither has a container. */
    static Optional<ContainerFolder> mainOnDisk(ContainerFolder plain) {
        try {
            boolean first = isThere(plain);
            if (!isThere(plain.other())) {
                return first ? Optional.of(plain) : Optional.empty();
            }
            Optional<ContainerRecord> here = recordOf(plain);
            Optional<ContainerRecord> there = recordOf(plain.other());
            boolean plainIsMain = here.isPresent()
                    && there.filter(t -> t.number() < here.get().number()).isEmpty();
            return here.isEmpty() && there.isEmpty()
                    ? Optional.empty()
                    : Optional.of(plainIsMain ? plain : plain.other());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One that is being stopped still says what its program says at its end. */
    private static boolean isThere(ContainerFolder folder) {
        return Files.exists(folder.record()) || Files.exists(folder.leaving());
    }

    private static Optional<ContainerRecord> recordOf(ContainerFolder folder) throws IOException {
        Optional<ContainerRecord> record = Records.container(folder);
        return record.isPresent() ? record : Records.leaving(folder);
    }

    Optional<Form> in(Slot slot) {
        return slot == Slot.MAIN ? main : beside;
    }

    List<Form> all() {
        return Stream.concat(main.stream(), beside.stream()).toList();
    }

    /** With this form in the place of what was in its folder. */
    Slots with(Form form) {
        return of(Stream.concat(without(form.folder()).all().stream(), Stream.of(form))
                .toList());
    }

    Slots without(ContainerFolder folder) {
        return of(all().stream().filter(f -> !f.folder().equals(folder)).toList());
    }

    /** The folder of what is in a slot, or of what comes there. */
    ContainerFolder folder(Slot slot, ContainerFolder plain) {
        ContainerFolder mains = main.map(Form::folder).orElse(plain);
        return switch (slot) {
            case MAIN -> mains;
            case BESIDE -> beside.map(Form::folder).orElse(mains.other());
        };
    }

    /** The number of what comes into a slot. */
    int number(Slot slot) {
        int mains = main.map(m -> m.record().number()).orElse(1);
        return switch (slot) {
            case MAIN -> mains;
            case BESIDE -> beside.map(b -> b.record().number()).orElse(mains + 1);
        };
    }
}
