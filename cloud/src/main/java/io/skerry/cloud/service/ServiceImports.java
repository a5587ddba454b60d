package io.skerry.cloud.service;

import io.skerry.cloud.event.Events;
import io.skerry.cloud.node.PortionedChanges;
import io.skerry.cloud.storage.ConstraintViolation;
import io.skerry.cloud.storage.Ids;
import io.skerry.cloud.storage.Page;
import io.skerry.cloud.storage.Storage;
import io.skerry.cloud.storage.TimeCursor;
import io.skerry.cloud.tenancy.Actor;
import io.skerry.cloud.tenancy.AuditLog;
import io.skerry.cloud.tenancy.Customers;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Imports images into services. An import that has begun goes on when its caller goes away; imports of one service run one
 * after the other; a failed one leaves services, versions and devices as they were.
 */
public final class ServiceImports implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceImports.class);
    private static final int AT_ONCE = 4;
    private static final int MOST_BEGUN = 64;
    private static final int LOCKS = 64;
    /** A registry that gives a little now and then would else keep a place from all others. */
    private static final Duration LONGEST_PULL = Duration.ofHours(6);

    private static final Duration TIDYING = Duration.ofMillis(500);

    private final Storage storage;
    private final Ids ids;
    private final InstantSource time;
    private final ImagePull pull;
    private final Leftovers leftovers;
    private final VersionWriter versions;
    private final Duration longestPull;
    private final Predicate<Actor> stillGood;
    private final Map<ImportKey, ImportProgress> running = new ConcurrentHashMap<>();
    private final PortionedChanges changes;
    private final Semaphore begun = new Semaphore(MOST_BEGUN);
    private final String self;
    private final Semaphore pulling = new Semaphore(AT_ONCE, true);
    /** A service's customer and name pick its lock. */
    private final List<Lock> serviceLocks = IntStream.range(0, LOCKS)
            .<Lock>mapToObj(i -> new ReentrantLock(true))
            .toList();

    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("import-", 0).factory());

    /**
     * Ready to import.
     *
     * @param leftovers removes nothing while an import runs
     * @param changes told of the nodes that follow a service's newest version
     * @param newVersions told of each version before they are
     * @param stillGood whether whoever began an import may still have it recorded
     * @param self this process's id among several on one database; empty when it is the only one
     */
    public ServiceImports(
            Storage storage,
            Ids ids,
            InstantSource time,
            ImagePull pull,
            Leftovers leftovers,
            PortionedChanges changes,
            NewVersions newVersions,
            AuditLog audit,
            Events events,
            Predicate<Actor> stillGood,
            String self) {
        this(storage, ids, time, pull, leftovers, changes, newVersions, audit, events, stillGood, self, LONGEST_PULL);
    }

    ServiceImports(
            Storage storage,
            Ids ids,
            InstantSource time,
            ImagePull pull,
            Leftovers leftovers,
            PortionedChanges changes,
            NewVersions newVersions,
            AuditLog audit,
            Events events,
            Predicate<Actor> stillGood,
            String self,
            Duration longestPull) {
        this.storage = storage;
        this.ids = ids;
        this.time = time;
        this.pull = pull;
        this.leftovers = leftovers;
        this.longestPull = longestPull;
        this.stillGood = stillGood;
        this.self = self;
        this.changes = changes;
        this.versions = new VersionWriter(ids, changes, newVersions, audit, events);
    }

    /** What processes left running that aren't among these counts as failed from now on. */
    public void failAbandoned(Collection<String> alive) {
        storage.write(h -> {
            ImportRows.interrupted(h, alive, time.millis());
            return h;
        });
    }

    /**
     * Imports, and waits for the end of it and until the devices of a large fleet are told, too.
     *
     * @throws ProblemException {@code customer.unknown}, {@code service.unknown}, {@code service.name-mismatch}, {@code
     *     import.no-image}, {@code import.id-used}, {@code import.too-many}, {@code import.too-long}, {@code
     *     import.interrupted}, {@code input.contradiction}, {@code service.after-…}, and whatever can be wrong with the images
     */
    public ImportedVersion run(ImportRequest request, Actor by) {
        String name = storage.read(h -> {
            Customers.require(h, request.customerId());
            return named(h, request);
        });
        if (request.sources().isEmpty()
                && storage.read(h -> Services.named(h, request.customerId(), name))
                        .isEmpty()) {
            throw noImage(name).asException();
        }
        storage.read(h -> {
            VersionWriter.check(h, request, name);
            return name;
        });
        if (!begun.tryAcquire()) {
            throw new Problem(
                            "import.too-many",
                            MOST_BEGUN + " imports are running or waiting already.",
                            "Wait until one of them has ended.")
                    .asException();
        }
        Future<ImportedVersion> result;
        try {
            ImportKey key = begin(request, name);
            result = submit(key, request, name, by);
        } catch (RuntimeException e) {
            begun.release();
            throw e;
        }
        ImportedVersion made = outcome(result);
        changes.finish();
        return made;
    }

    private static String named(Handle h, ImportRequest request) {
        if (request.serviceId().isEmpty()) {
            return request.name().orElseThrow();
        }
        String id = request.serviceId().get();
        Service service = Services.find(h, id)
                .filter(s -> s.customerId().equals(request.customerId()))
                .orElseThrow(() -> Services.unknown(id).asException());
        if (request.name().filter(n -> !n.equals(service.name())).isPresent()) {
            throw new Problem(
                            "service.name-mismatch",
                            "The node service " + service.serviceId() + " is named '" + service.name() + "', not '"
                                    + request.name().orElseThrow() + "'.",
                            "Leave out node_service_input.name or node_service_id.")
                    .asException();
        }
        return service.name();
    }

    private ImportKey begin(ImportRequest request, String name) {
        var key = new ImportKey(request.customerId(), request.importId().orElseGet(ids::next));
        try {
            storage.write(h -> {
                ImportRows.insert(h, key, name, self, time.millis());
                return h;
            });
        } catch (ConstraintViolation e) {
            throw new Problem(
                            "import.id-used",
                            "There is an import with the import_id " + key.importId()
                                    + " already, which hasn't failed.",
                            "Choose another UUID, or leave import_id out.")
                    .asException(e);
        }
        running.put(key, new ImportProgress());
        return key;
    }

    private Future<ImportedVersion> submit(ImportKey key, ImportRequest request, String name, Actor by) {
        ImportProgress progress = progress(key);
        try {
            return threads.submit(() -> {
                try {
                    return carryOut(key, request, name, by, progress);
                } finally {
                    // It may have failed, and run anew under its id by now.
                    running.remove(key, progress);
                    begun.release();
                }
            });
        } catch (RejectedExecutionException e) {
            running.remove(key);
            throw interrupted().asException(e);
        }
    }

    private ImportedVersion carryOut(
            ImportKey key, ImportRequest request, String name, Actor by, ImportProgress progress) {
        Lock lock = serviceLocks.get(Math.floorMod((request.customerId() + "/" + name).hashCode(), LOCKS));
        try {
            lock.lockInterruptibly();
            try {
                return pullAndRecord(key, request, name, by, progress);
            } finally {
                lock.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(key, interrupted().asException(e), progress);
        } catch (RuntimeException | Error e) {
            throw failed(key, e, progress);
        }
    }

    private ImportedVersion pullAndRecord(
            ImportKey key, ImportRequest request, String name, Actor by, ImportProgress progress)
            throws InterruptedException {
        Lock counting = leftovers.counting();
        counting.lockInterruptibly();
        try {
            while (leftovers.areRemovedElsewhere()) {
                progress.step("waiting until another process has tidied up");
                Thread.sleep(TIDYING);
            }
            List<PulledImage> images = pull(request, progress);
            progress.step("recording the version");
            if (!stillGood.test(by)) {
                throw new Problem(
                                "api-key.refused",
                                "The API key was revoked or has expired while the images were pulled.",
                                "Import again with another key; what was pulled is here.")
                        .asException();
            }
            return storage.write(h -> {
                ImportedVersion made = versions.next(h, request, name, images, by, time.millis());
                if (!ImportRows.done(h, key, made, self, progress.bytesTotal(), time.millis())) {
                    throw interrupted().asException();
                }
                return made;
            });
        } finally {
            counting.unlock();
        }
    }

    private List<PulledImage> pull(ImportRequest request, ImportProgress progress) throws InterruptedException {
        if (request.sources().isEmpty()) {
            return List.of();
        }
        pulling.acquire();
        try {
            return within(
                    longestPull, threads.submit(() -> pull.pull(request.customerId(), request.sources(), progress)));
        } catch (RejectedExecutionException e) {
            throw interrupted().asException(e);
        } finally {
            pulling.release();
        }
    }

    private static List<PulledImage> within(Duration limit, Future<List<PulledImage>> images)
            throws InterruptedException {
        try {
            return images.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new Problem(
                            "import.too-long",
                            "The images weren't here after " + limit.toMinutes() + " minutes.",
                            "Check the registry and the link to it, and import again: it goes on from what is here.")
                    .asException(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure
                    ? failure
                    : new IllegalStateException("the images can't be pulled", e);
        } finally {
            images.cancel(true);
        }
    }

    private RuntimeException failed(ImportKey key, Throwable failure, ImportProgress progress) {
        ProblemException told = failure instanceof ProblemException problem ? problem : fault(key.importId(), failure);
        if (!threads.isShutdown()) {
            storage.write(h -> {
                ImportRows.failed(h, key, told.problem(), self, progress.bytesTotal(), time.millis());
                return h;
            });
        }
        return told;
    }

    private static ProblemException fault(String importId, Throwable failure) {
        LOG.error("Import {} broke off", importId, failure);
        return new Problem(
                        "internal",
                        "The import " + importId + " broke off by a fault in the control plane.",
                        "Look for this id in the control plane's log.")
                .asException(failure);
    }

    private static ImportedVersion outcome(Future<ImportedVersion> result) {
        try {
            return result.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted().asException(e);
        } catch (ExecutionException e) {
            // The problem as it was made in the import's own thread, told in the caller's.
            if (e.getCause() instanceof ProblemException problem) {
                throw problem.problem().asException(problem);
            }
            throw new IllegalStateException("an import ended with neither a version nor a problem", e);
        }
    }

    private ImportProgress progress(ImportKey key) {
        ImportProgress progress = running.get(key);
        return progress == null ? new ImportProgress() : progress;
    }

    /** The imports of this id, newest first: each customer may have one. */
    public List<ImportView> find(String importId) {
        return storage.read(h -> ImportRows.find(h, importId)).stream()
                .map(this::current)
                .toList();
    }

    /** A customer's imports, newest first. */
    public Page<ImportView> newest(String customerId, int take, TimeCursor behind) {
        List<ImportView> oneMore = storage.read(h -> ImportRows.newest(h, customerId, take + 1, behind)).stream()
                .map(this::current)
                .toList();
        return Page.of(oneMore, take, last -> new TimeCursor(last.startedAt(), last.importId()).text());
    }

    /** How many imports are running or waiting. */
    public int running() {
        return running.size();
    }

    private ImportView current(ImportView stored) {
        ImportProgress progress = running.get(new ImportKey(stored.customerId(), stored.importId()));
        if (progress == null || stored.state() != ImportView.State.RUNNING) {
            return stored;
        }
        return new ImportView(
                stored.importId(),
                stored.customerId(),
                stored.serviceName(),
                stored.state(),
                progress.step(),
                progress.bytesDone(),
                progress.bytesTotal(),
                stored.startedAt(),
                stored.endedAt(),
                stored.serviceId(),
                stored.version(),
                stored.problem());
    }

    static Problem noImage(String name) {
        return new Problem(
                "import.no-image",
                "There is no node service named '" + name + "' yet, and the import names no image for it.",
                "Give image_sources at the first import of a service.");
    }

    private static Problem interrupted() {
        return new Problem(
                "import.interrupted", "The control plane stopped while this import ran.", "Import again once it runs.");
    }

    /** Breaks off what runs. It counts as failed when the next process starts. */
    @Override
    public void close() {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.warn("{} imports didn't stop in time", running.size());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
