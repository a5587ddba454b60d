package io.skerry.cloud.instance;

import io.skerry.cloud.rollout.Report;
import io.skerry.cloud.rollout.Reports;
import io.skerry.cloud.rollout.Stand;
import io.skerry.cloud.storage.Storage;
import io.skerry.cloud.window.Schedules;
import io.skerry.spec.window.Opening;
import io.skerry.spec.window.Schedule;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Gatherers;

/** Says how instances stand, for roll-outs. */
public final class RolloutReports implements Reports {
    private final Storage storage;
    private final InstantSource time;
    private final Instances instances;
    private final InstanceViews views;

    public RolloutReports(Storage storage, InstantSource time, Instances instances, InstanceViews views) {
        this.storage = storage;
        this.time = time;
        this.instances = instances;
        this.views = views;
    }

    @Override
    public Map<String, Report> of(String serviceId) {
        Map<String, Report> reports = new HashMap<>();
        instances
                .ofService(serviceId)
                .gather(Gatherers.windowFixed(Storage.ROWS_AT_ONCE))
                .forEach(some -> report(some, reports));
        return reports;
    }

    private void report(List<Instance> some, Map<String, Report> reports) {
        List<String> nodeIds = some.stream().map(Instance::nodeId).distinct().toList();
        Map<String, Schedule> schedules = storage.read(h -> Schedules.of(h, nodeIds));
        Instant now = time.instant();
        for (InstanceView view : views.of(some)) {
            String id = view.instance().instanceId();
            reports.put(
                    id,
                    new Report(
                            // Also of what it was refused.
                            view.target().asked().orElse(0L),
                            stand(view),
                            view.online(),
                            view.state() == InstanceState.AWAITING_WINDOW,
                            Optional.ofNullable(schedules.get(view.instance().nodeId()))
                                    .filter(s -> !s.isOpen(id, Opening.SWITCH, now))
                                    .isPresent()));
        }
    }

    private static Stand stand(InstanceView view) {
        return switch (Rollout.stand(view)) {
            // What a device that is away said last may be out of date, but it did say it of this version.
            case DONE ->
                view.runningVersion().equals(view.targetVersion()) || isOver(view) ? Stand.DONE : Stand.PENDING;
            case FAILED -> Stand.FAILED;
            case IN_PROGRESS, WAITING_OFFLINE -> Stand.PENDING;
        };
    }

    /** A container whose work is done runs no more. */
    private static boolean isOver(InstanceView view) {
        return view.state() == InstanceState.STOPPED;
    }
}
