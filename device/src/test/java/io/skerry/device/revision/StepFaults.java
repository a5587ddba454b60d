package io.skerry.device.revision;

import io.skerry.device.revision.FaultCase.Laying;
import io.skerry.device.revision.Places.Taken;
import io.skerry.spec.Problem;
import io.skerry.spec.status.Reason;
import java.util.List;
import java.util.Optional;

/** What an error, a timeout and corrupt input are to each kind of step, and the code of the problem that comes of it. */
final class StepFaults {
    private StepFaults() {}

    /** The effect fails with this problem. */
    static Laying problem(String code) {
        return _ -> _ -> {
            throw new Problem(code, "It failed on purpose.").asException();
        };
    }

    static Laying error(Taken taken) {
        return switch (taken.step()) {
            case Step.RunHook hook -> failedHook(hook, "hook.failed");
            case Step.Reach reach ->
                rig -> _ -> {
                    String first = reach.containers().getFirst();
                    rig.ground.end(first, reach.slot());
                    rig.places.afterwards(() -> rig.ground.recover(first, reach.slot(), taken.attempt()));
                    return Optional.empty();
                };
            case Step.Check check ->
                rig -> _ -> {
                    String first = check.containers().getFirst();
                    rig.ground.end(first, Slot.MAIN);
                    rig.places.afterwards(() -> rig.ground.recover(first, Slot.MAIN, taken.attempt()));
                    return Optional.empty();
                };
            case Step.Reboot _ -> problem(Shortages.REBOOT_FAILED);
            case Step step -> problem(errorCode(step).orElse("device.internal"));
        };
    }

    /** Of the problem for which an update ends; empty when it doesn't. */
    static Optional<String> errorCode(Step step) {
        return switch (step) {
            case Step.Reserve _ -> Optional.of("image.too-large");
            case Step.Fetch _ -> Optional.of("image.architecture-missing");
            case Step.Unpack _ -> Optional.of("image.unsupported");
            case Step.CreateVolume _, Step.Snapshot _, Step.Restore _ -> Optional.of("container.volume");
            case Step.AwaitLock _, Step.Stop _ -> Optional.of("container.folder");
            case Step.RunHook _ -> Optional.of("hook.failed");
            // Tried again by itself; what changes without a reboot doesn't wait for it.
            case Step.Reboot _ -> Optional.empty();
            case Step.ConfigureNetwork _ -> Optional.of("network.failed");
            case Step.Start _ -> Optional.of("container.start-failed");
            case Step.Reach _, Step.Check _ -> Optional.of("container.exited");
            case Step.Commit _, Step.Collect _ -> Optional.empty();
        };
    }

    static Laying timeout(Taken taken) {
        return switch (taken.step()) {
            case Step.Fetch _ -> problem("registry.unavailable");
            case Step.AwaitLock lock ->
                rig -> _ -> {
                    rig.ground.lock(lock.container(), true);
                    rig.places.afterwards(() -> rig.ground.lock(lock.container(), false));
                    return Optional.empty();
                };
            case Step.RunHook hook -> failedHook(hook, "hook.timeout");
            case Step.Reach reach ->
                rig -> _ -> {
                    String first = reach.containers().getFirst();
                    rig.ground.stall(first, reach.slot());
                    rig.places.afterwards(() -> rig.ground.recover(first, reach.slot(), taken.attempt()));
                    return Optional.empty();
                };
            case Step.Check check ->
                rig -> _ -> {
                    String first = check.containers().getFirst();
                    rig.ground.ail(first);
                    rig.places.afterwards(() -> rig.ground.recover(first, Slot.MAIN, taken.attempt()));
                    return Optional.empty();
                };
            case Step.Reboot _ ->
                rig -> _ -> {
                    rig.deaf(true);
                    rig.places.afterwards(() -> rig.deaf(false));
                    return Optional.empty();
                };
            case Step _ -> problem("host.command-timeout");
        };
    }

    static Optional<String> timeoutCode(Step step) {
        return switch (step) {
            // A later try may be quicker.
            case Step.Reserve _, Step.Fetch _, Step.Unpack _, Step.CreateVolume _ -> Optional.empty();
            // The update goes on.
            case Step.AwaitLock _ -> Optional.empty();
            case Step.RunHook _ -> Optional.of("hook.timeout");
            case Step.Reach _ -> Optional.of("group.goal-not-reached");
            case Step.Check _ -> Optional.of("container.not-healthy");
            case Step.Reboot _ -> Optional.empty();
            case Step.Stop _, Step.Snapshot _, Step.Restore _, Step.ConfigureNetwork _, Step.Start _ ->
                Optional.of("host.command-timeout");
            case Step.Commit _, Step.Collect _ -> Optional.empty();
        };
    }

    /** For steps that read what comes from outside. */
    static Optional<Laying> corruptImage(Taken taken) {
        return switch (taken.step()) {
            case Step.Fetch fetch ->
                Optional.of(rig -> _ -> {
                    rig.ground.spoil(fetch.image().manifest());
                    return Optional.empty();
                });
            case Step.Unpack unpack ->
                Optional.of(rig -> _ -> {
                    rig.ground.spoilFetched(unpack.image().manifest());
                    return Optional.empty();
                });
            case Step _ -> Optional.empty();
        };
    }

    private static Laying failedHook(Step.RunHook hook, String code) {
        return _ ->
                _ -> Optional.of(new Reason(hook.container(), new Problem(code, "It failed on purpose."), List.of()));
    }
}
