package io.skerry.cloud.registry;

import io.skerry.cloud.storage.Storage;
import io.skerry.content.oci.Descriptor;
import io.skerry.content.oci.Index;
import io.skerry.content.oci.Platform;
import io.skerry.spec.Architecture;
import io.skerry.spec.Digest;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Documents;
import io.skerry.spec.desired.Workload;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** Which images there are, and who may read them. What somebody may not read is as if it weren't there. */
public final class StoredImages {
    private static final String LATEST = "latest";

    private final Storage storage;

    public StoredImages(Storage storage) {
        this.storage = storage;
    }

    /** The index behind a tag: of one version, with an image for each of its architectures. The same version's has the same bytes. */
    Optional<Index> tagged(RegistryPath.Repository repository, String tag, Reader reader) {
        return storage.read(h -> visible(h, repository, reader)
                .flatMap(s -> version(s, tag))
                .map(version -> images(h, repository).get(version))
                .map(StoredImages::index));
    }

    /** The index of this digest. */
    Optional<Index> index(RegistryPath.Repository repository, Digest digest, Reader reader) {
        return storage.read(h -> visible(h, repository, reader)
                .flatMap(s -> images(h, repository).values().stream()
                        .map(StoredImages::index)
                        .filter(index -> Digest.of(index.toJson()).equals(digest))
                        .findFirst()));
    }

    /** The manifest of this digest, which stands in the content store. */
    Optional<Descriptor> manifest(RegistryPath.Repository repository, Digest digest, Reader reader) {
        return switch (reader) {
            case Reader.Operator operator ->
                storage.read(h -> visible(h, repository, reader)
                        .flatMap(s -> images(h, repository).values().stream()
                                .flatMap(List::stream)
                                .map(Stored::manifest)
                                .filter(m -> m.digest().equals(digest))
                                .findFirst()));
            case Reader.Device device ->
                storage.read(h -> manifests(h, repository, device).contains(digest)
                        ? reached(h, List.of(digest), digest)
                        : Optional.empty());
        };
    }

    /** The blob of this digest, which stands in the content store. */
    Optional<Descriptor> blob(RegistryPath.Repository repository, Digest digest, Reader reader) {
        return storage.read(h -> reached(h, readable(h, repository, reader), digest));
    }

    /** All tags; empty when there is no such repository. */
    Optional<List<String>> tags(RegistryPath.Repository repository, Reader reader) {
        return storage.read(h -> visible(h, repository, reader)
                .map(s -> Stream.concat(images(h, repository).keySet().stream().map(String::valueOf), Stream.of(LATEST))
                        .sorted()
                        .toList()));
    }

    private static List<Digest> readable(Handle h, RegistryPath.Repository repository, Reader reader) {
        return switch (reader) {
            case Reader.Operator operator ->
                visible(h, repository, reader).isEmpty()
                        ? List.of()
                        : images(h, repository).values().stream()
                                .flatMap(List::stream)
                                .map(s -> s.manifest.digest())
                                .distinct()
                                .toList();
            case Reader.Device device -> manifests(h, repository, device);
        };
    }

    /** The service's newest version, if an operator may see the service; devices see no services. */
    private static Optional<Integer> visible(Handle h, RegistryPath.Repository repository, Reader reader) {
        if (!(reader instanceof Reader.Operator(var caller)) || !caller.sees(repository.customerId())) {
            return Optional.empty();
        }
        return h.createQuery("SELECT latest_version FROM services WHERE customer_id = :customer AND name = :name")
                .bind("customer", repository.customerId())
                .bind("name", repository.service())
                .mapTo(Integer.class)
                .findOne();
    }

    private static Optional<Integer> version(int latest, String tag) {
        if (tag.equals(LATEST)) {
            return Optional.of(latest);
        }
        return tag.matches("[1-9][0-9]{0,8}") ? Optional.of(Integer.valueOf(tag)) : Optional.empty();
    }

    /** The images of a service's versions, by version, in the order of their architectures' names. */
    private static Map<Integer, List<Stored>> images(Handle h, RegistryPath.Repository repository) {
        var versions = new TreeMap<Integer, List<Stored>>();
        h.createQuery("SELECT i.version, i.architecture, i.manifest_digest, i.media_type, b.size FROM services s"
                        + " JOIN service_images i ON i.service_id = s.service_id"
                        + " JOIN manifest_blobs b ON b.manifest_digest = i.manifest_digest"
                        + " AND b.blob_digest = i.manifest_digest"
                        + " WHERE s.customer_id = :customer AND s.name = :name"
                        + " ORDER BY i.version, i.architecture")
                .bind("customer", repository.customerId())
                .bind("name", repository.service())
                .map((rs, c) -> stored(rs))
                .forEach(s -> versions.computeIfAbsent(s.version, v -> new ArrayList<>())
                        .add(s));
        return versions;
    }

    private static Stored stored(ResultSet rs) throws SQLException {
        return new Stored(
                rs.getInt("version"),
                Architecture.of(rs.getString("architecture")),
                new Descriptor(
                        rs.getString("media_type"), new Digest(rs.getString("manifest_digest")), rs.getLong("size")));
    }

    private static Index index(List<Stored> images) {
        return Index.of(images.stream()
                .map(i -> i.manifest.on(
                        new Platform("linux", i.architecture.ociArchitecture(), i.architecture.ociVariant())))
                .toList());
    }

    /** Manifests in this repository that the device is told to run, was before, or runs. */
    private static List<Digest> manifests(Handle h, RegistryPath.Repository repository, Reader.Device device) {
        return h
                .createQuery("SELECT workload, previous_workload, running_workload FROM desired_states"
                        + " WHERE node_id = :node")
                .bind("node", device.nodeId())
                .map((rs, c) -> Stream.of(
                        rs.getString("workload"), rs.getString("previous_workload"), rs.getString("running_workload")))
                .stream()
                .flatMap(workloads -> workloads)
                .filter(Objects::nonNull)
                .map(Documents.WORKLOAD::fromJson)
                .map(Workload::containers)
                .flatMap(containers -> containers.values().stream())
                .map(Container::image)
                .filter(image -> image.repository().equals(repository.toString()))
                .map(image -> image.manifest())
                .distinct()
                .toList();
    }

    private static Optional<Descriptor> reached(Handle h, List<Digest> manifests, Digest blob) {
        if (manifests.isEmpty()) {
            return Optional.empty();
        }
        return h.createQuery("SELECT size, media_type FROM manifest_blobs"
                        + " WHERE blob_digest = :blob AND manifest_digest IN (<manifests>) LIMIT 1")
                .bind("blob", blob.value())
                .bindList("manifests", manifests.stream().map(Digest::value).toList())
                .map((rs, c) -> new Descriptor(rs.getString("media_type"), blob, rs.getLong("size")))
                .findOne();
    }

    private record Stored(int version, Architecture architecture, Descriptor manifest) {}
}
