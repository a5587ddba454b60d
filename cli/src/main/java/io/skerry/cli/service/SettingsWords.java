package io.skerry.cli.service;

import io.avaje.json.JsonException;
import io.skerry.cli.api.Recovery;
import io.skerry.cli.api.UpdateRules;
import io.skerry.cli.api.Version;
import io.skerry.cli.api.Volume;
import io.skerry.spec.Wire;
import io.skerry.spec.desired.Groups;
import io.skerry.spec.desired.HealthCheck;
import io.skerry.spec.desired.HealthCheck.Timing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A version's settings as people say them. */
final class SettingsWords {
    private SettingsWords() {}

    static String volume(Volume volume) {
        return volume.source() + " at " + volume.target()
                + (volume.shareable() ? ", shareable" : "")
                + (volume.snapshot() ? ", put back with a rolled-back version" : "");
    }

    /** The health check, which comes as JSON; one of a kind that isn't known here stays so. */
    static String health(String json) {
        try {
            HealthCheck check = Wire.lenient(HealthCheck.class).fromJson(json);
            return asked(check) + timing(check.timing());
        } catch (JsonException | NullPointerException | IllegalArgumentException | IllegalStateException e) {
            return json;
        }
    }

    private static String asked(HealthCheck check) {
        return switch (check) {
            case HealthCheck.Exec exec -> command(exec.command()) + " ends with 0";
            case HealthCheck.Http http -> "GET " + http.path() + " on port " + http.port() + " answers 200 to 399";
            case HealthCheck.Tcp tcp -> "port " + tcp.port() + " accepts a connection";
        };
    }

    private static String timing(Timing timing) {
        return "; every " + timing.intervalSeconds() + " s, within " + timing.timeoutSeconds() + " s, unhealthy after "
                + timing.retries() + " in a row"
                + (timing.startPeriodSeconds() > 0
                        ? ", the first " + timing.startPeriodSeconds() + " s don't count"
                        : "");
    }

    /** Its place among the others; empty when nothing was said about it. */
    static Optional<String> place(Version version) {
        List<String> words = new ArrayList<>();
        version.statusGoal().ifPresent(goal -> words.add("goal " + goal));
        version.goalSeconds().ifPresent(seconds -> words.add("at its goal within " + seconds + " s"));
        version.updateScope()
                .ifPresent(scope -> words.add(
                        scope.equals("system") ? "an update reboots the device" : "an update restarts it alone"));
        if (!version.after().isEmpty()) {
            words.add("after " + String.join(", ", version.after()));
        }
        if (words.isEmpty() && version.group().isEmpty()) {
            return Optional.empty();
        }
        words.addFirst(version.group().orElse(Groups.DEFAULT.last().name()));
        return Optional.of(String.join("; ", words));
    }

    static String recovery(Recovery recovery) {
        boolean endless = recovery.maxRetries() == 0;
        String delays = recovery.backoffFactor() > 1
                ? "first after " + recovery.retryDelaySeconds() + " s, each delay "
                        + factor(recovery.backoffFactor()) + " times the one before, at most "
                        + recovery.mostDelaySeconds() + " s"
                : "each after " + recovery.retryDelaySeconds() + " s";
        return (endless ? "without end" : "up to " + recovery.maxRetries() + " times in a row") + ", " + delays
                + "; recovered after " + recovery.stableSeconds() + " s of running"
                + (endless ? "" : "; then " + exhausted(recovery));
    }

    private static String exhausted(Recovery recovery) {
        return switch (recovery.exhausted()) {
            case "reboot" -> "the device reboots";
            case "pause" -> "anew after a pause of " + recovery.pauseSeconds() + " s";
            case "give-up" -> "it is given up";
            default -> recovery.exhausted();
        };
    }

    private static String factor(double factor) {
        return factor == Math.rint(factor) ? Long.toString((long) factor) : Double.toString(factor);
    }

    static String update(UpdateRules update) {
        List<String> words = new ArrayList<>();
        words.add(update.strategy());
        update.preUpdate().ifPresent(hook -> words.add("before: " + hook(hook)));
        update.handOver().ifPresent(hook -> words.add("hand-over: " + hook(hook)));
        update.postUpdate().ifPresent(hook -> words.add("afterwards: " + hook(hook)));
        words.add(update.lockSeconds() == 0 ? "can't be put off" : "can be put off for " + update.lockSeconds() + " s");
        return String.join("; ", words);
    }

    private static String hook(UpdateRules.Hook hook) {
        return command(hook.command()) + " within " + hook.timeoutSeconds() + " s";
    }

    /** What a shell is given stands for the whole of it. */
    private static String command(List<String> command) {
        return command.size() == 3 && command.subList(0, 2).equals(List.of("/bin/sh", "-c"))
                ? "'" + command.get(2) + "'"
                : "'" + String.join(" ", command) + "'";
    }
}
