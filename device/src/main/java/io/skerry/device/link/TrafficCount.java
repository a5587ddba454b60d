package io.skerry.device.link;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.JsonType;
import io.skerry.content.files.DurableFiles;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Wire;
import io.skerry.spec.status.DeviceStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** Bytes over the link by purpose since the daemon's first start, TLS not counted. Safe for use by several threads. */
public final class TrafficCount {
    private static final System.Logger LOG = System.getLogger(TrafficCount.class.getName());

    private final Path file;
    private final Map<Purpose, LongAdder> received = new EnumMap<>(Purpose.class);
    private final Map<Purpose, LongAdder> sent = new EnumMap<>(Purpose.class);

    /** The counts as they are kept. */
    @Json
    public record Kept(Map<String, DeviceStatus.Traffic> bytes) {
        static final JsonType<Kept> JSON = Wire.lenient(Kept.class);
    }

    private TrafficCount(Path file) {
        this.file = file;
        for (Purpose purpose : Purpose.values()) {
            received.put(purpose, new LongAdder());
            sent.put(purpose, new LongAdder());
        }
    }

    /** Goes on from what this folder's daemon counted before. */
    public static TrafficCount open(Path data) {
        TrafficCount count = new TrafficCount(data.resolve("traffic.json"));
        try {
            Map<String, DeviceStatus.Traffic> kept = Wire.read(
                            Kept.JSON, Files.readAllBytes(count.file), "The count of bytes")
                    .bytes();
            for (Purpose purpose : Purpose.values()) {
                DeviceStatus.Traffic before = kept.getOrDefault(purpose.word(), new DeviceStatus.Traffic(0, 0));
                count.received(purpose, before.received());
                count.sent(purpose, before.sent());
            }
        } catch (NoSuchFileException e) {
            LOG.log(System.Logger.Level.DEBUG, "bytes are counted from here on");
        } catch (IOException | ProblemException e) {
            LOG.log(System.Logger.Level.WARNING, "the earlier count of bytes is lost", e);
        }
        return count;
    }

    public void received(Purpose purpose, long bytes) {
        adder(received, purpose).add(bytes);
    }

    public void sent(Purpose purpose, long bytes) {
        adder(sent, purpose).add(bytes);
    }

    /** As the status has it. */
    public Map<String, DeviceStatus.Traffic> byPurpose() {
        Map<String, DeviceStatus.Traffic> counts = new TreeMap<>();
        for (Purpose purpose : Purpose.values()) {
            counts.put(
                    purpose.word(),
                    new DeviceStatus.Traffic(
                            adder(received, purpose).sum(), adder(sent, purpose).sum()));
        }
        return counts;
    }

    /** Keeps the counts on the disk. */
    void keep() {
        DurableFiles.write(file, Kept.JSON.toJsonBytes(new Kept(byPurpose())), 0644);
    }

    private static LongAdder adder(Map<Purpose, LongAdder> adders, Purpose purpose) {
        LongAdder adder = adders.get(purpose);
        if (adder == null) {
            throw new IllegalStateException("each purpose has its count");
        }
        return adder;
    }
}
