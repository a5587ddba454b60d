package io.skerry.cloud.service;

import io.skerry.content.registry.HttpAnswer;
import io.skerry.content.registry.HttpAsk;
import io.skerry.content.registry.HttpTransport;
import io.skerry.spec.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A registry without a network: any host is the same one, whatever user and password. */
public final class MemoryRegistry implements HttpTransport {
    private final Map<String, Stored> manifests = new ConcurrentHashMap<>();
    private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
    private final Set<String> truncated = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> askedFor = new ConcurrentHashMap<>();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile boolean gone;
    private volatile Optional<CountDownLatch> gate = Optional.empty();

    @SuppressWarnings("ArrayRecordComponent")
    private record Stored(String mediaType, byte[] bytes) {}

    /** Puts an image under a tag of a repository. */
    public void push(String repository, String tag, TestImage image) {
        store(repository, image.digest().value(), TestImage.MANIFEST, image.manifest());
        store(repository, tag, TestImage.MANIFEST, image.manifest());
        image.blobs().forEach((digest, bytes) -> blobs.put(digest.value(), bytes));
    }

    /** Puts an index under a tag, its images must have been pushed. */
    public void pushIndex(String repository, String tag, byte[] index) {
        store(repository, tag, TestImage.INDEX, index);
        store(repository, Digest.of(index).value(), TestImage.INDEX, index);
    }

    private void store(String repository, String reference, String mediaType, byte[] bytes) {
        manifests.put("/v2/" + repository + "/manifests/" + reference, new Stored(mediaType, bytes));
    }

    /** From now on only half of this blob comes. */
    void truncate(Digest blob) {
        truncated.add(blob.value());
    }

    /** From now on this blob isn't given. */
    void withhold(Digest blob) {
        blobs.remove(blob.value());
    }

    /** How often this blob was asked for. */
    int asked(Digest blob) {
        return askedFor.getOrDefault(blob.value(), 0);
    }

    /** From now on nobody answers. */
    public void vanish() {
        gone = true;
    }

    /** From now on blobs come only once the latch is open. */
    public void hold(CountDownLatch latch) {
        gate = Optional.of(latch);
    }

    /** How many requests there were. */
    public int asked() {
        return asked.get();
    }

    @Override
    public HttpAnswer send(HttpAsk ask) throws IOException {
        if (gone) {
            throw new ConnectException("nobody is there");
        }
        asked.incrementAndGet();
        String path = ask.uri().getPath();
        Stored manifest = manifests.get(path);
        if (manifest != null) {
            return answer(200, manifest.mediaType, manifest.bytes, manifest.bytes.length);
        }
        String digest = path.substring(path.lastIndexOf('/') + 1);
        askedFor.merge(digest, 1, Integer::sum);
        byte[] blob = blobs.get(digest);
        if (blob == null) {
            return answer(404, "application/json", new byte[0], 0);
        }
        if (gate.isPresent()) {
            try {
                gate.get().await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }
        byte[] sent = truncated.contains(digest) ? Arrays.copyOf(blob, blob.length / 2) : blob;
        return answer(200, "application/octet-stream", sent, blob.length);
    }

    private static HttpAnswer answer(int status, String mediaType, byte[] body, int length) {
        return new HttpAnswer(
                status,
                Map.of("content-type", List.of(mediaType), "content-length", List.of(String.valueOf(length))),
                new ByteArrayInputStream(body));
    }
}
