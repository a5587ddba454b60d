package io.skerry.device.revision;

import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.WindowWaits.Wait;
import io.skerry.spec.window.Opening;
import io.skerry.spec.window.Schedule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What the windows let be aimed at of what can be had. Pure.
 *
 * <p>A container that may be changed now is; one whose window is closed keeps the form that it has. Only where none may be
 * changed now, those are prepared that may be fetched. What has begun to be switched to is brought to its end, and what is
 * committed is gone back to, whatever the windows say.
 *
 * @param aim what to get ready
 * @param switches whether it may be switched to as soon as it is ready
 * @param waits who waits for which window
 */
record Admission(Workload aim, boolean switches, List<Wait> waits) {
    Admission {
        waits = List.copyOf(waits);
    }

    /**
     * What decides.
     *
     * @param committed what is committed
     * @param begun what is being switched to and has begun to change what runs
     * @param preparing what is being prepared, or is prepared and waits for its turn
     * @param present whether a container's image is on the device
     */
    record Device(Workload committed, Optional<Workload> begun, Workload preparing, Predicate<Container> present) {}

    /** @param now what time it is, if that is known; if it isn't, every window counts as closed */
    static Admission of(Workload wanted, Device device, Schedule schedule, Optional<Instant> now) {
        if (schedule.restrictsNothing()) {
            return new Admission(wanted, true, List.of());
        }
        Workload base = device.begun.orElse(device.committed);
        Set<String> fetchable = new TreeSet<>();
        Set<String> open = new TreeSet<>();
        List<Wait> waits = new ArrayList<>();
        for (String name : changed(base, wanted)) {
            Optional<Container> form = form(wanted, name);
            boolean back = form.equals(form(device.committed, name));
            boolean fetches =
                    form.isPresent() && !form.equals(form(device.preparing, name)) && !device.present.test(form.get());
            if (back || !fetches || isOpen(schedule, name, Opening.FETCH, now)) {
                fetchable.add(name);
                if (back || isOpen(schedule, name, Opening.SWITCH, now)) {
                    open.add(name);
                } else {
                    waits.add(wait(schedule, name, Opening.SWITCH, now));
                }
            } else {
                waits.add(wait(schedule, name, Opening.FETCH, now));
            }
        }
        // A container's place is in the groups that it comes with.
        boolean regrouped = !wanted.groups().equals(base.groups());
        if (open.isEmpty() || (regrouped && !waits.isEmpty())) {
            boolean prepares = !regrouped || fetchable.equals(changed(base, wanted));
            return new Admission(prepares ? with(base, wanted, fetchable) : base, waits.isEmpty(), waits);
        }
        return new Admission(with(base, wanted, open), true, waits);
    }

    private static Set<String> changed(Workload base, Workload wanted) {
        Set<String> names = new TreeSet<>(base.containers().keySet());
        names.addAll(wanted.containers().keySet());
        names.removeIf(n -> form(base, n).equals(form(wanted, n)));
        return names;
    }

    private static Optional<Container> form(Workload workload, String name) {
        return Optional.ofNullable(workload.containers().get(name));
    }

    private static boolean isOpen(Schedule schedule, String name, Opening what, Optional<Instant> now) {
        return now.filter(at -> schedule.isOpen(name, what, at)).isPresent();
    }

    private static Wait wait(Schedule schedule, String name, Opening what, Optional<Instant> now) {
        return new Wait(
                name, what, now.flatMap(at -> schedule.opens(name, what, at)).map(Instant::toEpochMilli));
    }

    /** The base with these containers as they are wanted. */
    private static Workload with(Workload base, Workload wanted, Set<String> names) {
        Map<String, Container> containers = new TreeMap<>(base.containers());
        for (String name : names) {
            form(wanted, name).ifPresentOrElse(c -> containers.put(name, c), () -> containers.remove(name));
        }
        return containers.equals(wanted.containers()) ? wanted : base.with(containers);
    }

    /** For which window is waited, in words. */
    Optional<String> words() {
        return waits.stream()
                .min(Comparator.comparing(w -> w.opens().orElse(Long.MAX_VALUE)))
                .map(Admission::words);
    }

    /** As a step's words. */
    static String words(Wait wait) {
        return "wait for the " + wait.window().word() + " window of " + wait.name()
                + wait.opens()
                        .map(at -> ", which opens " + Instant.ofEpochMilli(at))
                        .orElse(", which doesn't open as far as is known");
    }
}
