package io.skerry.device.container;

import io.skerry.device.revision.Present;
import io.skerry.device.revision.Slot;
import io.skerry.spec.status.ContainerStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** All containers of the device by name. Safe for use by several threads; one name is written by one at a time. */
final class Shelf {
    private final Map<String, Slots> slots = new ConcurrentHashMap<>();

    Slots slots(String name) {
        return slots.getOrDefault(name, Slots.NONE);
    }

    void put(Form form) {
        String name = form.folder().name();
        slots.put(name, slots(name).with(form));
    }

    void remove(ContainerFolder folder) {
        slots.computeIfPresent(folder.name(), (_, s) -> {
            Slots left = s.without(folder);
            return left.main().isEmpty() ? null : left;
        });
    }

    private Stream<Form> forms() {
        return slots.values().stream().flatMap(s -> s.all().stream());
    }

    Stream<Supervision> kept() {
        return forms().flatMap(f -> f.kept().stream());
    }

    Optional<Supervision> kept(String id) {
        return slots(ContainerFolder.name(id)).all().stream()
                .filter(f -> f.folder().id().equals(id))
                .findFirst()
                .flatMap(Form::kept);
    }

    Set<String> ids() {
        Set<String> ids = new TreeSet<>();
        forms().forEach(f -> ids.add(f.folder().id()));
        return ids;
    }

    Map<String, Present> present() {
        Map<String, Present> present = new TreeMap<>();
        slots.forEach((name, s) -> s.main()
                .ifPresent(main -> present.put(
                        name,
                        new Present(
                                main.record().container(),
                                main.kept().isPresent(),
                                s.beside().map(b -> b.record().container())))));
        return present;
    }

    /** How each is in these slots that is kept, by name. */
    List<ContainerStatus> status(Slot slot) {
        return new TreeMap<>(slots)
                .values().stream()
                        .flatMap(s -> s.in(slot).flatMap(Form::kept).stream())
                        .map(Supervision::status)
                        .toList();
    }
}
