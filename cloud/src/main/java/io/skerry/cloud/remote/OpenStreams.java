package io.skerry.cloud.remote;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/** The streams that are open now. They end with the right to have them. Safe for use by several threads. */
public final class OpenStreams {
    private final ConcurrentMap<String, LogStream> streams = new ConcurrentHashMap<>();
    private final Executor threads;

    /** @param threads one for each change that ends streams */
    public OpenStreams(Executor threads) {
        this.threads = threads;
    }

    /** That API key counts no more: its streams end. Returns at once. */
    public void keyRevoked(String apiKeyId) {
        end(s -> s.apiKeyId().equals(apiKeyId), "the API key was revoked");
    }

    /** That node is gone: streams from it end. Returns at once. */
    public void nodeRemoved(String nodeId) {
        end(s -> s.nodeId().equals(nodeId), "the node was removed");
    }

    private void end(Predicate<LogStream> which, String why) {
        List<LogStream> ending = streams.values().stream().filter(which).toList();
        if (!ending.isEmpty()) {
            threads.execute(() -> ending.forEach(s -> s.failed(new IllegalStateException(why))));
        }
    }

    void add(String id, LogStream stream) {
        streams.put(id, stream);
    }

    /** Whether it was there. */
    boolean remove(String id) {
        return streams.remove(id) != null;
    }

    Optional<LogStream> find(String id) {
        return Optional.ofNullable(streams.get(id));
    }

    int size() {
        return streams.size();
    }

    long ofNode(String nodeId) {
        return streams.values().stream().filter(s -> s.nodeId().equals(nodeId)).count();
    }
}
