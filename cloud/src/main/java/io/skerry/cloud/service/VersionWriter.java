package io.skerry.cloud.service;

import io.skerry.cloud.event.EventType;
import io.skerry.cloud.event.Events;
import io.skerry.cloud.event.NewEvent;
import io.skerry.cloud.event.Subject;
import io.skerry.cloud.node.WorkloadChanges;
import io.skerry.cloud.storage.Ids;
import io.skerry.cloud.tenancy.Actor;
import io.skerry.cloud.tenancy.AuditLog;
import io.skerry.cloud.tenancy.Change;
import io.skerry.content.oci.Descriptor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Writes a service's next version within one piece of work, and has the devices told that follow it. */
final class VersionWriter {
    private final Ids ids;
    private final WorkloadChanges changes;
    private final NewVersions newVersions;
    private final AuditLog audit;
    private final Events events;

    VersionWriter(Ids ids, WorkloadChanges changes, NewVersions newVersions, AuditLog audit, Events events) {
        this.ids = ids;
        this.changes = changes;
        this.newVersions = newVersions;
        this.audit = audit;
        this.events = events;
    }

    /**
     * The version after the service's newest, or the first of a new service.
     *
     * @param images empty: those of the version before
     * @throws io.skerry.spec.ProblemException {@code import.no-image}, {@code input.contradiction}, {@code
     *     service.after-unknown}, {@code service.after-group}, {@code service.after-cycle}, and as {@link
     *     ServiceNetworks#next}
     */
    ImportedVersion next(Handle h, ImportRequest request, String name, List<PulledImage> images, Actor by, long now) {
        Optional<Service> service = Services.named(h, request.customerId(), name);
        Optional<Version> before = service.flatMap(s -> Services.version(h, s.serviceId(), s.latestVersion()));
        // It may have been removed while the images were pulled.
        request.serviceId()
                .filter(id -> service.filter(s -> s.serviceId().equals(id)).isEmpty())
                .ifPresent(id -> {
                    throw Services.unknown(id).asException();
                });
        if (images.isEmpty() && before.isEmpty()) {
            throw ServiceImports.noImage(name).asException();
        }
        NetworkSettings networkBefore = service.map(Service::network).orElse(NetworkSettings.NONE);
        NetworkSettings networks = ServiceNetworks.next(h, request.customerId(), service, request.networks());
        var made = new ImportedVersion(
                service.map(Service::serviceId).orElseGet(ids::next),
                service.map(s -> s.lastVersion() + 1).orElse(1));
        if (service.isEmpty()) {
            h.createUpdate("INSERT INTO services"
                            + " (service_id, customer_id, name, latest_version, last_version, created_at)"
                            + " VALUES (:id, :customer, :name, :version, :version, :now)")
                    .bind("id", made.serviceId())
                    .bind("customer", request.customerId())
                    .bind("name", name)
                    .bind("version", made.version())
                    .bind("now", now)
                    .execute();
        } else {
            h.execute(
                    "UPDATE services SET latest_version = ?, last_version = ? WHERE service_id = ?",
                    made.version(),
                    made.version(),
                    made.serviceId());
        }
        ServiceNetworks.write(h, made.serviceId(), networks);
        String image = request.containerImage()
                .or(() -> request.sources().stream().findFirst().map(ImageSource::written))
                .or(() -> before.map(Version::containerImage))
                .orElseThrow();
        VersionSettings settings = settings(h, request, name, before);
        var version = new Version(made.serviceId(), made.version(), image, settings, now, Optional.empty());
        insertVersion(h, version);
        List<VersionImage> rows = images.isEmpty()
                ? Services.images(
                        h, made.serviceId(), before.map(Version::number).orElseThrow())
                : images.stream().map(PulledImage::image).toList();
        insertImages(h, made, rows);
        images.forEach(pulled -> insertBlobs(h, pulled));
        audit.note(
                h,
                by,
                new Change(
                        Optional.of(request.customerId()),
                        "DM_import_node_service",
                        "service",
                        made.serviceId(),
                        name,
                        before.map(v -> AuditedVersion.of(
                                        v, Services.images(h, v.serviceId(), v.number()), networkBefore))
                                .orElse(Map.of()),
                        AuditedVersion.of(version, rows, networks)));
        events.append(
                h,
                new NewEvent(
                        request.customerId(),
                        EventType.SERVICE_VERSION_IMPORTED,
                        Subject.service(made.serviceId()),
                        Map.of(
                                "service_name",
                                name,
                                "version",
                                made.version(),
                                "container_image",
                                NewEvent.words(image))));
        newVersions.made(h, made.serviceId(), made.version(), service.map(s -> (long) s.latestVersion()), by);
        changes.refresh(h, Services.followers(h, made.serviceId()));
        return made;
    }

    /**
     * Says before the images are pulled what can't be kept to whatever they are.
     *
     * @throws io.skerry.spec.ProblemException as {@link #next}
     */
    static void check(Handle h, ImportRequest request, String name) {
        Optional<Service> service = Services.named(h, request.customerId(), name);
        settings(h, request, name, service.flatMap(s -> Services.version(h, s.serviceId(), s.latestVersion())));
        ServiceNetworks.check(h, service, request.networks());
    }

    private static VersionSettings settings(Handle h, ImportRequest request, String name, Optional<Version> before) {
        VersionSettings settings =
                request.settings().applyTo(before.map(Version::settings).orElse(VersionSettings.DEFAULT));
        SettingsRules.check(settings);
        StartOrder.check(h, request.customerId(), name, settings);
        return settings;
    }

    private static void insertVersion(Handle h, Version version) {
        h.createUpdate("INSERT INTO service_versions (service_id, version, container_image, settings, created_at)"
                        + " VALUES (:id, :version, :image, :settings, :now)")
                .bind("id", version.serviceId())
                .bind("version", version.number())
                .bind("image", version.containerImage())
                .bind("settings", VersionSettings.JSON.toJson(version.settings()))
                .bind("now", version.createdAt())
                .execute();
    }

    private static void insertImages(Handle h, ImportedVersion made, List<VersionImage> images) {
        for (VersionImage image : images) {
            h.createUpdate("INSERT INTO service_images (service_id, version, architecture, image_reference,"
                            + " manifest_digest, media_type, compressed_bytes, unpacked_bytes) VALUES (:id, :version,"
                            + " :architecture, :reference, :manifest, :type, :compressed, :unpacked)")
                    .bind("id", made.serviceId())
                    .bind("version", made.version())
                    .bind("architecture", image.architecture().word())
                    .bind("reference", image.imageReference())
                    .bind("manifest", image.manifest().value())
                    .bind("type", image.mediaType())
                    .bind("compressed", image.compressedBytes())
                    .bind("unpacked", image.unpackedBytes())
                    .execute();
        }
    }

    private static void insertBlobs(Handle h, PulledImage image) {
        for (Descriptor blob : image.blobs()) {
            h.createUpdate("INSERT INTO manifest_blobs (manifest_digest, blob_digest, size, media_type)"
                            + " VALUES (:manifest, :blob, :size, :type) ON CONFLICT DO NOTHING")
                    .bind("manifest", image.image().manifest().value())
                    .bind("blob", blob.digest().value())
                    .bind("size", blob.size())
                    .bind("type", blob.mediaType())
                    .execute();
        }
    }
}
