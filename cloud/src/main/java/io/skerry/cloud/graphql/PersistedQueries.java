package io.skerry.cloud.graphql;

import io.skerry.cloud.tenancy.Caller;
import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Queries that callers name by their SHA-256 once they have sent them (Apollo's "automatic persisted queries", version 1). They stand in
 * memory, those that were asked for last: who asks for one that isn't there is told so in the protocol's words, and sends it once
 * more. Each customer has its own, so that none is run, or spelt out by an error, for another one. Safe for use by several threads.
 */
final class PersistedQueries {
    /** By the protocol; clients look for these very words. */
    static final String NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND";

    /** What an entry takes besides its query, about, in characters. */
    static final int ENTRY = 512;

    private final int mostCharacters;
    private final ReentrantLock lock = new ReentrantLock();
    /** The one that was asked for last stands last. */
    private final Map<Key, String> known = new LinkedHashMap<>(16, 0.75f, true);

    private long characters;

    /** @param mostCharacters that all of them together have, each with {@link #ENTRY} for itself */
    PersistedQueries(int mostCharacters) {
        this.mostCharacters = mostCharacters;
    }

    private record Key(String customerId, String sha256) {}

    /**
     * The call that a request means.
     *
     * @throws io.skerry.spec.ProblemException {@code PERSISTED_QUERY_NOT_FOUND}, {@code graphql.hash-differs}
     */
    GraphQlCall call(GraphQlRequest request, Caller caller) {
        String query = request.sha256()
                .map(hash -> new Key(caller.customerId().orElse(""), hash))
                .map(key -> request.query()
                        .map(text -> kept(key, text))
                        .orElseGet(() -> find(key).orElseThrow(PersistedQueries::notFound)))
                .orElseGet(() -> request.query().orElseThrow());
        return new GraphQlCall(query, request.operationName(), request.variables());
    }

    private Optional<String> find(Key key) {
        lock.lock();
        try {
            return Optional.ofNullable(known.get(key));
        } finally {
            lock.unlock();
        }
    }

    private String kept(Key key, String query) {
        if (!Digest.of(query.getBytes(StandardCharsets.UTF_8)).hex().equals(key.sha256)) {
            throw new Problem(
                            "graphql.hash-differs",
                            "The query's SHA-256 isn't the one that stands beside it.",
                            "Hash the text of 'query' exactly as it is sent, in UTF-8.")
                    .asException();
        }
        keep(key, query);
        return query;
    }

    private void keep(Key key, String query) {
        lock.lock();
        try {
            if (known.put(key, query) == null) {
                characters += query.length() + ENTRY;
            }
            var oldest = known.values().iterator();
            while (characters > mostCharacters && oldest.hasNext()) {
                characters -= oldest.next().length() + ENTRY;
                oldest.remove();
            }
        } finally {
            lock.unlock();
        }
    }

    private static RuntimeException notFound() {
        return new Problem(
                        NOT_FOUND,
                        "PersistedQueryNotFound",
                        "Send the whole query beside its hash; from then on its hash alone is enough.")
                .asException();
    }
}
