package io.skerry.cloud.instance;

import io.skerry.cloud.rollout.Report;
import io.skerry.cloud.rollout.Reports;
import io.skerry.cloud.rollout.Stand;
import java.util.HashMap;
import java.util.Map;

/** Says how instances stand, for roll-outs. */
public final class RolloutReports implements Reports {
    private final Instances instances;
    private final InstanceViews views;

    public RolloutReports(Instances instances, InstanceViews views) {
        this.instances = instances;
        this.views = views;
    }

    @Override
    public Map<String, Report> of(String serviceId) {
        Map<String, Report> reports = new HashMap<>();
        for (InstanceView view : views.of(instances.ofService(serviceId))) {
            reports.put(
                    view.instance().instanceId(),
                    new Report(
                            // Also of what it was refused.
                            view.target().asked().orElse(0L),
                            stand(view),
                            view.online(),
                            view.state() == InstanceState.AWAITING_WINDOW));
        }
        return reports;
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
