package io.skerry.cloud.storage;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** A piece of work and its caller's future. It may be run several times; the last time counts. */
final class Task<T> {
    private final Function<Handle, T> work;
    private final CompletableFuture<T> future = new CompletableFuture<>();
    private @Nullable T value;
    private @Nullable Throwable failed;

    Task(Function<Handle, T> work) {
        this.work = work;
    }

    void run(Handle handle) {
        failed = null;
        value = work.apply(handle);
    }

    /** What the work threw; its caller learns of it with the others' answers. */
    void failed(Throwable thrown) {
        failed = thrown;
    }

    @SuppressWarnings("NullAway") // answered only after run, which set the value
    void answer() {
        if (failed != null) {
            future.completeExceptionally(failed);
        } else {
            future.complete(value);
        }
    }

    void fail(Throwable e) {
        future.completeExceptionally(e);
    }

    static IllegalStateException closed() {
        return new IllegalStateException("the storage is closed");
    }

    /** Waits for the value, or what the work threw, as it threw it. */
    T result(Failures failures) {
        try {
            return future.join();
        } catch (CompletionException e) {
            throw failures.asThrown(Objects.requireNonNullElse(e.getCause(), e));
        }
    }
}
