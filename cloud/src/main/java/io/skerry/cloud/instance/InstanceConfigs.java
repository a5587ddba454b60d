package io.skerry.cloud.instance;

import io.skerry.cloud.config.ConfigRows;
import io.skerry.cloud.config.NewFile;
import io.skerry.cloud.config.StoredFile;
import io.skerry.cloud.desired.DesiredStates;
import io.skerry.cloud.desired.Target;
import io.skerry.cloud.storage.Storage;
import io.skerry.cloud.tenancy.Actor;
import io.skerry.cloud.tenancy.AuditLog;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.cloud.tenancy.Change;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import io.skerry.spec.desired.ConfigFiles;
import io.skerry.spec.desired.ConfigPaths;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/**
 * The configuration files of single instances: a change is a new workload of the one device, in which nothing but the one
 * container differs. What secret files say is never told again.
 */
public final class InstanceConfigs {
    private static final long MOST_OF_INSTANCE = 256 << 10;
    /** Small enough that a device's document, in which it stands as base64 within base64, stays within what a device reads. */
    private static final long MOST_ON_NODE = 1 << 20;

    private final Storage storage;
    private final InstantSource time;
    private final DesiredStates desired;
    private final ConfigRows rows;
    private final AuditLog audit;

    public InstanceConfigs(
            Storage storage, InstantSource time, DesiredStates desired, ConfigRows rows, AuditLog audit) {
        this.storage = storage;
        this.time = time;
        this.desired = desired;
        this.rows = rows;
        this.audit = audit;
    }

    /**
     * One file, as it may be told.
     *
     * @param content what it says; empty of a secret one
     */
    public record View(StoredFile stored, Optional<byte[]> content) {}

    /**
     * An instance's files by path.
     *
     * @throws ProblemException {@code instance.unknown}, {@code sealing.…}
     */
    public List<View> list(String instanceId, Caller caller) {
        return storage.read(h -> {
            Instances.required(h, List.of(instanceId), caller);
            return ConfigRows.of(h, instanceId).stream()
                    .map(f -> new View(
                            f,
                            f.secret()
                                    ? Optional.empty()
                                    : rows.content(h, instanceId, f.file().path())))
                    .toList();
        });
    }

    /**
     * Sets files; the others of the instance stay.
     *
     * @param files each path once
     * @throws ProblemException {@code instance.unknown}, {@code config.too-many}, {@code config.too-large}, {@code
     *     config.clash}, {@code config.injected}, {@code capability.unsupported}; nothing is changed then
     */
    public void set(String instanceId, List<NewFile> files, Caller caller) {
        change(instanceId, "DM_set_node_service_instance_config", caller, h -> {
            refuseInjected(h, instanceId, files.stream().map(NewFile::path).toList());
            for (NewFile file : files) {
                rows.put(h, instanceId, file, time.millis());
            }
        });
    }

    /**
     * Removes files.
     *
     * @throws ProblemException {@code instance.unknown}, {@code config.unknown}, {@code config.injected}; nothing is changed
     *     then
     */
    public void remove(String instanceId, Collection<String> paths, Caller caller) {
        change(instanceId, "DM_remove_node_service_instance_config", caller, h -> {
            Set<String> there = told(ConfigRows.of(h, instanceId)).keySet();
            paths.stream().filter(p -> !there.contains(p)).findFirst().ifPresent(path -> {
                throw new Problem(
                                "config.unknown",
                                "The instance has no configuration file " + Text.shortened(path, 100) + ".",
                                "Look at those that it has with DM_get_node_service_instance_config or 'skerry instance"
                                        + " config ls'.")
                        .asException();
            });
            refuseInjected(h, instanceId, paths);
            ConfigRows.remove(h, instanceId, paths);
        });
    }

    private interface Work {
        void on(Handle h);
    }

    private void change(String instanceId, String operation, Caller caller, Work work) {
        storage.write(h -> {
            Instance instance = Instances.seen(h, instanceId, caller);
            change(h, instance, operation, caller.actor(), () -> work.on(h));
            return instance;
        });
    }

    /**
     * Changes an instance's files within a piece of work, with all that must follow from that.
     *
     * @param operation as the audit log names it
     * @param work what changes them
     * @throws ProblemException as {@link #set}; all of the work is to be undone then
     */
    public void change(Handle h, Instance instance, String operation, Actor by, Runnable work) {
        String instanceId = instance.instanceId();
        Map<String, Object> before = told(ConfigRows.of(h, instanceId));
        Target target = desired.targets(h, Set.of(instance.nodeId())).get(instanceId);
        work.run();
        List<StoredFile> after = ConfigRows.of(h, instanceId);
        refuseTooMuch(h, instance, after);
        ConfigPaths.clash(after.stream().map(f -> f.file().path()).toList(), List.of())
                .ifPresent(why -> {
                    throw new Problem(
                                    "config.clash",
                                    "The instance's configuration files can't be together: " + why + ".",
                                    "Choose another path, or remove the other file first.")
                            .asException();
                });
        // Another reason stood before, and the files wait with the version.
        if (!(target instanceof Target.Refused)
                && desired.targets(h, Set.of(instance.nodeId())).get(instanceId) instanceof Target.Refused refused) {
            throw refused.problem().asException();
        }
        audit.note(
                h,
                by,
                new Change(
                        Optional.of(instance.customerId()),
                        operation,
                        "instance",
                        instanceId,
                        instance.serviceName() + " on " + instance.nodeName(),
                        before,
                        told(after)));
        desired.refresh(h, Set.of(instance.nodeId()));
    }

    /** What the control plane itself laid there is changed by what laid it there alone. */
    private static void refuseInjected(Handle h, String instanceId, Collection<String> paths) {
        h
                .createQuery("SELECT path FROM injected_keys WHERE instance_id = :id")
                .bind("id", instanceId)
                .mapTo(String.class)
                .stream()
                .filter(paths::contains)
                .findFirst()
                .ifPresent(path -> {
                    throw new Problem(
                                    "config.injected",
                                    "In " + Text.shortened(path, 100) + " lies an API key that the control plane made.",
                                    "Rotate it with DM_rotate_injected_api_key, or take it away with"
                                            + " DM_remove_injected_api_key.")
                            .asException();
                });
    }

    private static void refuseTooMuch(Handle h, Instance instance, List<StoredFile> files) {
        if (files.size() > ConfigFiles.MOST) {
            throw new Problem(
                            "config.too-many",
                            "The instance would have " + files.size() + " configuration files.",
                            "An instance has at most " + ConfigFiles.MOST + "; put several into one.")
                    .asException();
        }
        long bytes = files.stream().mapToLong(f -> f.file().size()).sum();
        refuseTooLarge("The instance's", bytes, MOST_OF_INSTANCE);
        refuseTooLarge("All instances' of the device", ConfigRows.bytesOn(h, instance.nodeId()), MOST_ON_NODE);
    }

    private static void refuseTooLarge(String whose, long bytes, long most) {
        if (bytes > most) {
            throw new Problem(
                            "config.too-large",
                            whose + " configuration files would have " + bytes + " bytes.",
                            "They can have " + most + " in all; put large data into the image or a volume.")
                    .asException();
        }
    }

    /** What the audit log tells, which of secret ones is nothing that comes from what they say. */
    private static Map<String, Object> told(List<StoredFile> files) {
        Map<String, Object> told = new TreeMap<>();
        for (StoredFile f : files) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put(
                    "mode",
                    String.format(java.util.Locale.ROOT, "%04o", f.file().mode()));
            one.put("secret", f.secret());
            one.put("changed_at", f.changedAt());
            if (!f.secret()) {
                one.put("size", f.file().size());
                one.put("digest", f.file().digest().value());
            }
            told.put(f.file().path(), one);
        }
        return told;
    }
}
