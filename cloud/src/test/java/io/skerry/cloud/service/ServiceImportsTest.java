package io.skerry.cloud.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.skerry.cloud.blob.TestContent;
import io.skerry.cloud.graphql.FleetFixture;
import io.skerry.cloud.node.PortionedChanges;
import io.skerry.cloud.replica.Leases;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.spec.Architecture;
import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag(TestDatabase.TAG)
@Tag(TestContent.TAG)
class ServiceImportsTest {
    private static final String IMPORT = "0192f0c4-0000-7000-8000-000000000001";

    private final Path root;
    private final MemoryRegistry registry = new MemoryRegistry();
    private FleetFixture fleet;
    private final String customer;

    ServiceImportsTest(@TempDir Path root) {
        this.root = root;
        fleet = new FleetFixture(root, registry, Set.of());
        customer = fleet.customer("acme");
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    private static Map<String, Object> source(String arch, String reference) {
        return Map.of("arch", arch, "image_reference", reference);
    }

    private ImportRequest request(String name, List<Map<String, Object>> sources) {
        Map<String, @Nullable Object> input = new HashMap<>();
        input.put("customer_id", customer);
        input.put("import_id", IMPORT);
        input.put("node_service_input", Map.of("name", name));
        input.put("image_sources", sources);
        return ImportRequest.parse(input);
    }

    private ImportRequest again(String name, List<Map<String, Object>> sources) {
        ImportRequest first = request(name, sources);
        return new ImportRequest(
                first.customerId(),
                java.util.Optional.empty(),
                first.serviceId(),
                first.name(),
                first.containerImage(),
                first.settings(),
                first.networks(),
                first.sources());
    }

    private ProblemException refused(ImportRequest request) {
        ProblemException problem = catchThrowableOfType(ProblemException.class, () -> run(request));
        assertThat(problem).isNotNull();
        return problem;
    }

    @Test
    void takesAnImageForEachArchitectureOutOfAnIndex() {
        var amd64 = TestImage.of(Architecture.AMD64, "one");
        var armhf = TestImage.of(Architecture.ARMHF, "two");
        registry.push("edge/web", "amd64", amd64);
        registry.push("edge/web", "armhf", armhf);
        registry.pushIndex(
                "edge/web", "1", TestImage.index(Map.of(Architecture.AMD64, amd64, Architecture.ARMHF, armhf)));

        ImportedVersion made = run(request(
                "web", List.of(source("amd64", "r.example/edge/web:1"), source("armhf", "r.example/edge/web:1"))));

        assertThat(made.version()).isEqualTo(1);
        var key = new Services.VersionKey(made.serviceId(), 1);
        List<VersionImage> images = fleet.services.images(List.of(key)).get(key);
        assertThat(images)
                .extracting(VersionImage::architecture, VersionImage::manifest, VersionImage::unpackedBytes)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(Architecture.AMD64, amd64.digest(), amd64.unpacked()),
                        org.assertj.core.groups.Tuple.tuple(Architecture.ARMHF, armhf.digest(), armhf.unpacked()));
        for (TestImage image : List.of(amd64, armhf)) {
            assertThat(fleet.blobs.has(image.digest())).isTrue();
            assertThat(image.blobs().keySet()).allMatch(fleet.blobs::has);
        }
        ImportView view = fleet.imports.find(IMPORT).getFirst();
        assertThat(view.state()).isEqualTo(ImportView.State.DONE);
        assertThat(view.bytesDone()).isEqualTo(view.bytesTotal()).isPositive();
        assertThat(view.version()).contains(1);
        assertThat(events()).singleElement().asString().contains("\"service_name\":\"web\"", "\"version\":1");
    }

    private List<String> events() {
        return fleet.storage.read(h -> h.createQuery("SELECT data FROM events WHERE type = 'service.version_imported'")
                .mapTo(String.class)
                .list());
    }

    @Test
    void anArchitectureThatTheImageIsNotForIsNamedWithTheOneThatItIsFor() {
        registry.push("web", "1", TestImage.of(Architecture.AMD64, "one"));
        ProblemException problem = refused(request("web", List.of(source("arm64", "r.example/web:1"))));
        assertThat(problem.problem().message())
                .contains("arm64")
                .contains("amd64")
                .contains("r.example/web:1");
        assertNothingCame(problem);
    }

    private void assertNothingCame(ProblemException problem) {
        assertThat(fleet.services.named(customer, "web")).isEmpty();
        ImportView view = fleet.imports.find(IMPORT).getFirst();
        assertThat(view.state()).isEqualTo(ImportView.State.FAILED);
        assertThat(view.problem()).contains(problem.problem());
        assertThat(view.endedAt()).isPresent();
    }

    @Test
    void aMissingTagIsNamed() {
        ProblemException problem = refused(request("web", List.of(source("amd64", "r.example/web:gone"))));
        assertThat(problem.code()).isEqualTo("registry.not-found");
        assertThat(problem.problem().message()).contains("r.example/web:gone");
        assertNothingCame(problem);
    }

    @Test
    void aLayerThatIsNotWhatItsConfigurationSaysIsRefused() {
        registry.push("web", "1", TestImage.lying(Architecture.AMD64, "one"));
        ProblemException problem = refused(request("web", List.of(source("amd64", "r.example/web:1"))));
        assertThat(problem.code()).isEqualTo("image.corrupt");
        assertNothingCame(problem);
    }

    @Test
    void whatIsLeftOutIsInherited() {
        registry.push("web", "1", TestImage.of(Architecture.AMD64, "one"));
        run(request("web", List.of(source("amd64", "r.example/web:1"))));
        registry.vanish();
        ImportedVersion second = run(again("web", List.of()));
        assertThat(second.version()).isEqualTo(2);
        var one = new Services.VersionKey(second.serviceId(), 1);
        var two = new Services.VersionKey(second.serviceId(), 2);
        var images = fleet.services.images(List.of(one, two));
        assertThat(images.get(two)).isEqualTo(images.get(one)).hasSize(1);
    }

    @Test
    void theFirstImportNeedsAnImageAndAnImportIdIsUsedOnce() {
        assertThat(refused(request("web", List.of())).code()).isEqualTo("import.no-image");
        assertThat(fleet.imports.find(IMPORT)).isEmpty();

        registry.push("web", "1", TestImage.of(Architecture.AMD64, "one"));
        run(request("web", List.of(source("amd64", "r.example/web:1"))));
        assertThat(refused(request("web", List.of(source("amd64", "r.example/web:1"))))
                        .code())
                .isEqualTo("import.id-used");
        assertThat(fleet.services.named(customer, "web").orElseThrow().latestVersion())
                .isEqualTo(1);
    }

    @Test
    void anotherCustomersUseOfAnImportIdIsNotSeen() {
        registry.push("web", "1", TestImage.of(Architecture.AMD64, "one"));
        ImportRequest ours = request("web", List.of(source("amd64", "r.example/web:1")));
        run(ours);
        String other = fleet.customer("other");

        run(new ImportRequest(
                other,
                ours.importId(),
                ours.serviceId(),
                ours.name(),
                ours.containerImage(),
                ours.settings(),
                ours.networks(),
                ours.sources()));

        assertThat(fleet.imports.find(IMPORT))
                .extracting(ImportView::customerId, ImportView::state)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(customer, ImportView.State.DONE),
                        org.assertj.core.groups.Tuple.tuple(other, ImportView.State.DONE));
    }

    @Test
    void importsOfOneServiceAtOnceGetAVersionEach() throws Exception {
        registry.push("web", "1", TestImage.of(Architecture.AMD64, "one"));
        List<Integer> versions = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<ImportedVersion>> running = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                running.add(threads.submit(() -> run(again("web", List.of(source("amd64", "r.example/web:1"))))));
            }
            for (var one : running) {
                versions.add(one.get().version());
            }
        }
        assertThat(versions).containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    }

    @Test
    void aRunningImportCanBeWatchedAndCountsAsInterruptedAfterARestart() throws Exception {
        var image = TestImage.of(Architecture.AMD64, "one");
        registry.push("web", "1", image);
        var gate = new CountDownLatch(1);
        registry.hold(gate);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = threads.submit(() -> refused(request("web", List.of(source("amd64", "r.example/web:1")))));
            await().until(() ->
                    fleet.imports.find(IMPORT).stream().anyMatch(i -> i.step().startsWith("resolving")));
            ImportView view = fleet.imports.find(IMPORT).getFirst();
            assertThat(view.state()).isEqualTo(ImportView.State.RUNNING);
            assertThat(view.step()).contains("r.example/web:1");
            fleet.imports.close();
            assertThat(running.get()).isNotNull();
        }
        fleet.close();
        fleet = new FleetFixture(root, registry, Set.of());
        ImportView after = fleet.imports.find(IMPORT).getFirst();
        assertThat(after.state()).isEqualTo(ImportView.State.FAILED);
        assertThat(after.problem().orElseThrow().code()).isEqualTo("import.interrupted");
        assertThat(fleet.services.named(customer, "web")).isEmpty();

        // Who repeats it under its id gets it done.
        gate.countDown();
        run(request("web", List.of(source("amd64", "r.example/web:1"))));
        assertThat(fleet.imports.find(IMPORT)).extracting(ImportView::state).containsExactly(ImportView.State.DONE);
    }

    @Test
    void aTruncatedBlobIsRefusedAndTheNextImportGoesOn() {
        var image = TestImage.of(Architecture.AMD64, "one");
        registry.push("web", "1", image);
        registry.truncate(image.layer());
        ProblemException problem = refused(request("web", List.of(source("amd64", "r.example/web:1"))));
        assertThat(problem.code()).startsWith("registry.");
        assertNothingCame(problem);
        assertThat(fleet.blobs.has(image.layer())).isFalse();
        assertThat(TestContent.digests(fleet.blobs)).allMatch(digest -> digest.equals(Digest.of(read(digest))));
    }

    /** As somebody would who knows the digest of another customer's layer, and has a registry that says what he likes. */
    @Test
    void whoeverKnowsALayersDigestNeitherGetsItNorLearnsThatItIsThere() {
        var theirs = TestImage.of(Architecture.AMD64, "theirs");
        registry.push("theirs", "1", theirs);
        run(again("theirs", List.of(source("amd64", "r.example/theirs:1"))));
        var claimed = new MemoryRegistry();
        claimed.push("mine", "1", theirs);
        claimed.withhold(theirs.layer());

        ProblemException whenThere = refusedFor("rival", claimed);
        fleet.blobs.delete(theirs.layer());
        ProblemException whenNot = refusedFor("other", claimed);

        assertThat(whenThere.problem()).isEqualTo(whenNot.problem());
        assertThat(whenThere.code()).startsWith("registry.");
    }

    private ProblemException refusedFor(String name, MemoryRegistry from) {
        String other = fleet.customer(name);
        try (var imports = imports(from, 1L << 40, Duration.ofHours(1))) {
            Map<String, @Nullable Object> input = Map.of(
                    "customer_id",
                    other,
                    "node_service_input",
                    Map.of("name", "mine"),
                    "image_sources",
                    List.of(source("amd64", "r.example/mine:1")));
            ProblemException problem = catchThrowableOfType(
                    ProblemException.class, () -> imports.run(ImportRequest.parse(input), FleetFixture.TESTER));
            assertThat(problem).isNotNull();
            return problem;
        }
    }

    @Test
    void aLayerThatAnotherCustomerHasIsBroughtOnceMoreAndOnlyOnce() {
        var image = TestImage.of(Architecture.AMD64, "shared");
        registry.push("web", "1", image);
        run(again("web", List.of(source("amd64", "r.example/web:1"))));
        String other = fleet.customer("rival");
        Map<String, @Nullable Object> input = Map.of(
                "customer_id",
                other,
                "node_service_input",
                Map.of("name", "web"),
                "image_sources",
                List.of(source("amd64", "r.example/web:1")));
        int before = registry.asked(image.layer());

        run(ImportRequest.parse(input));
        run(ImportRequest.parse(input));

        assertThat(registry.asked(image.layer())).isEqualTo(before + 1);
        assertThat(fleet.blobs.has(image.layer())).isTrue();
    }

    @Test
    void whatFailedImportsLeftIsRemovedInTimeAndNothingElse() {
        var kept = TestImage.of(Architecture.AMD64, "kept");
        registry.push("kept", "1", kept);
        run(again("kept", List.of(source("amd64", "r.example/kept:1"))));
        List<Digest> before = TestContent.digests(fleet.blobs);
        var broken = TestImage.of(Architecture.AMD64, "broken");
        registry.push("web", "1", broken);
        registry.truncate(broken.layer());
        refused(request("web", List.of(source("amd64", "r.example/web:1"))));
        assertThat(TestContent.digests(fleet.blobs)).hasSizeGreaterThan(before.size());
        assertThat(arriving()).containsExactly(broken.layer());

        leftovers(Duration.ZERO).remove();
        assertThat(arriving()).as("tried again soon, it goes on").containsExactly(broken.layer());

        Leftovers later = leftovers(Leftovers.KEPT.plusMinutes(1));
        var counting = later.counting();
        counting.lock();
        try {
            later.remove();
            assertThat(arriving()).as("an import counts on it").containsExactly(broken.layer());
        } finally {
            counting.unlock();
        }

        later.remove();
        assertThat(TestContent.digests(fleet.blobs)).containsExactlyInAnyOrderElementsOf(before);
        assertThat(arriving()).isEmpty();
    }

    private List<Digest> arriving() {
        return TestContent.arriving(root, customer).unfinished();
    }

    private Leftovers leftovers(Duration ahead) {
        return new Leftovers(
                fleet.storage,
                fleet.blobs,
                "fleet",
                () -> InstantSource.system().instant().plus(ahead),
                Leases.alone());
    }

    @Test
    void anImportThatTheDiskHasNoRoomForIsRefusedWithFiguresBeforeAnythingIsWritten() {
        var image = TestImage.of(Architecture.AMD64, "one");
        registry.push("web", "1", image);
        long needed = java.util.Objects.requireNonNull(image.blobs().get(image.layer())).length;
        long free = needed + ImagePull.RESERVE - 1;
        try (var imports = imports(free, Duration.ofHours(1))) {
            ImportRequest request = request("web", List.of(source("amd64", "r.example/web:1")));
            ProblemException problem =
                    catchThrowableOfType(ProblemException.class, () -> imports.run(request, FleetFixture.TESTER));
            assertThat(problem.code()).isEqualTo("disk.full");
            assertThat(problem.problem().message())
                    .contains("r.example/web:1")
                    .contains(needed + " bytes")
                    .contains(free + " bytes are free");
            assertThat(TestContent.digests(fleet.blobs)).isEmpty();
            assertNothingCame(problem);
        }
        try (var imports = imports(free + 1, Duration.ofHours(1))) {
            assertThat(imports.run(again("web", List.of(source("amd64", "r.example/web:1"))), FleetFixture.TESTER)
                            .version())
                    .isEqualTo(1);
        }
        try (var imports = imports(0, Duration.ofHours(1))) {
            assertThat(imports.run(again("web", List.of(source("amd64", "r.example/web:1"))), FleetFixture.TESTER)
                            .version())
                    .as("all of it is here already")
                    .isEqualTo(2);
        }
    }

    @Test
    void anImportEndsOnceAllDevicesOfALargeFleetAreTold() {
        registry.push("web", "1", TestImage.of(Architecture.AMD64, "one"));
        String service =
                run(request("web", List.of(source("amd64", "r.example/web:1")))).serviceId();
        String like = fleet.node(customer, "like", Architecture.AMD64);
        fleet.storage.write(h -> {
            h.execute(
                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1001)"
                            + " INSERT INTO nodes (node_id, customer_id, name, key_fingerprint, claim_hash, capabilities, created_at)"
                            + " SELECT 'n' || i, customer_id, 'node-' || i, 'k' || i, 'c' || i, capabilities, created_at"
                            + " FROM n, nodes WHERE node_id = ?",
                    like);
            return h.execute(
                    "INSERT INTO instances (instance_id, customer_id, service_id, node_id, created_at)"
                            + " SELECT node_id, customer_id, ?, node_id, 1 FROM nodes WHERE node_id <> ?",
                    service,
                    like);
        });
        registry.push("web", "2", TestImage.of(Architecture.AMD64, "two"));

        fleet.imports.run(again("web", List.of(source("amd64", "r.example/web:2"))), FleetFixture.TESTER);

        int told =
                fleet.storage.read(h -> h.createQuery("SELECT count(*) FROM desired_states WHERE workload LIKE '%web%'")
                        .mapTo(Integer.class)
                        .one());
        assertThat(told).isEqualTo(1001);
    }

    private ServiceImports imports(long freeBytes, Duration longestPull) {
        return imports(registry, freeBytes, longestPull);
    }

    private ServiceImports imports(MemoryRegistry from, long freeBytes, Duration longestPull) {
        return new ServiceImports(
                fleet.storage,
                fleet.ids,
                InstantSource.system(),
                new ImagePull(
                        from,
                        new CustomerBlobs(fleet.storage, InstantSource.system()),
                        fleet.blobs,
                        () -> freeBytes,
                        Set.of()),
                leftovers(Duration.ZERO),
                new PortionedChanges(fleet.storage, fleet.desired, Thread::startVirtualThread),
                fleet.rollouts,
                fleet.audit,
                fleet.events,
                actor -> true,
                "",
                longestPull);
    }

    private ImportedVersion run(ImportRequest request) {
        return fleet.imports.run(request, FleetFixture.TESTER);
    }

    @Test
    void anImportThatTakesTooLongBreaksOffAndGivesItsPlaceFree() {
        registry.push("web", "1", TestImage.of(Architecture.AMD64, "one"));
        registry.hold(new CountDownLatch(1));
        try (var imports = imports(Long.MAX_VALUE, Duration.ofMillis(50))) {
            ImportRequest request = request("web", List.of(source("amd64", "r.example/web:1")));
            ProblemException problem =
                    catchThrowableOfType(ProblemException.class, () -> imports.run(request, FleetFixture.TESTER));
            assertThat(problem.code()).isEqualTo("import.too-long");
            await().until(() -> imports.running() == 0);
            assertNothingCame(problem);
        }
    }

    private byte[] read(Digest digest) {
        return TestContent.read(fleet.blobs, digest);
    }
}
