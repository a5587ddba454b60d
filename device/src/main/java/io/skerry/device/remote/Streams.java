package io.skerry.device.remote;

import io.skerry.spec.desired.Session;
import io.skerry.spec.wire.Paths;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;

/**
 * The streams that are wanted now, each on a thread of its own: started when they appear, ended when they are no longer
 * wanted or the session's time is over. Each is sent once. Safe for use by several threads.
 */
public final class Streams implements AutoCloseable {
    /** More at a time are not started; they may come later, when others have ended and the session is applied again. */
    static final int MOST = 8;

    private static final System.Logger LOG = System.getLogger(Streams.class.getName());

    private final HttpClient http;
    private final URI cloud;
    private final LogSource logs;
    private final InstantSource time;
    private final LongConsumer sent;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, LogStream> running = new HashMap<>();
    private final Set<String> ended = new HashSet<>();
    private List<Session.Stream> wanted = List.of();
    private Instant notAfter = Instant.MAX;

    /**
     * @param http shows the device's certificate
     * @param cloud https, host and port
     * @param time by which the session's end is judged
     * @param sent is told the bytes that were sent
     */
    public Streams(HttpClient http, URI cloud, LogSource logs, InstantSource time, LongConsumer sent) {
        this.http = http;
        this.cloud = URI.create("wss" + cloud.toString().substring("https".length()));
        this.logs = logs;
        this.time = time;
        this.sent = sent;
    }

    /** These are wanted from now on, until then. */
    public void apply(List<Session.Stream> streams, Instant until) {
        lock.lock();
        try {
            wanted = List.copyOf(streams);
            notAfter = until;
        } finally {
            lock.unlock();
        }
        refresh();
    }

    /** Ends what is out of time, and starts what had to wait; to be called now and then. */
    public void refresh() {
        lock.lock();
        try {
            Map<String, Session.Stream> now = new HashMap<>();
            if (!time.instant().isAfter(notAfter)) {
                wanted.forEach(s -> now.put(s.id(), s));
            }
            ended.retainAll(now.keySet());
            for (Iterator<Map.Entry<String, LogStream>> i = running.entrySet().iterator(); i.hasNext(); ) {
                Map.Entry<String, LogStream> one = i.next();
                if (!now.containsKey(one.getKey())) {
                    one.getValue().cancel();
                    i.remove();
                }
            }
            now.values().forEach(this::startUnlessKnown);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        apply(List.of(), Instant.MAX);
    }

    private void startUnlessKnown(Session.Stream stream) {
        if (ended.contains(stream.id()) || running.containsKey(stream.id()) || !isPathSegment(stream.id())) {
            return;
        }
        if (running.size() >= MOST) {
            LOG.log(System.Logger.Level.INFO, "a stream waits: {0} are sent already", MOST);
            return;
        }
        LogStream log = new LogStream(
                http, cloud.resolve(Paths.STREAMS + stream.id()), stream, logs, sent, () -> ended(stream.id()));
        running.put(stream.id(), log);
        log.start();
    }

    private void ended(String id) {
        lock.lock();
        try {
            if (running.remove(id) != null) {
                ended.add(id);
            }
        } finally {
            lock.unlock();
        }
        refresh();
    }

    private static boolean isPathSegment(String id) {
        return id.matches("[A-Za-z0-9_~.-]{1,128}") && !id.matches("\\.+");
    }
}
