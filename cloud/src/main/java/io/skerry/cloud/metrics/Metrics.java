package io.skerry.cloud.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skerry.cloud.deviceapi.PollCounts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;

/** The control plane's own counters, in Prometheus' text format. */
public final class Metrics implements PollCounts {
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final PrometheusTextFormatWriter format =
            PrometheusTextFormatWriter.builder().build();
    private final LongAdder waiting = new LongAdder();
    private final Counter unchanged;
    private final Counter changed;

    public Metrics() {
        unchanged = counter("skerry_polls_unchanged_total", "Polls answered with 304.");
        changed = counter("skerry_polls_changed_total", "Polls answered with a desired state.");
        gauge("skerry_polls_waiting", "Polls that wait now.", waiting::sum);
        gauge("skerry_memory_used_bytes", "Heap in use.", () -> {
            Runtime runtime = Runtime.getRuntime();
            return runtime.totalMemory() - runtime.freeMemory();
        });
        gauge(
                "skerry_memory_committed_bytes",
                "Heap taken from the system.",
                () -> Runtime.getRuntime().totalMemory());
    }

    /** A counter that its owner counts up. */
    public Counter counter(String name, String help) {
        return Counter.builder().name(name).help(help).register(registry);
    }

    /** A counter that is read where it is kept. */
    public void counted(String name, String help, DoubleSupplier value) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .callback(c -> c.call(value.getAsDouble()))
                .register(registry);
    }

    /** A value that is read where it is kept. */
    public void gauge(String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(c -> c.call(value.getAsDouble()))
                .register(registry);
    }

    /** The page's media type. */
    public String contentType() {
        return format.getContentType();
    }

    /** The page. */
    public byte[] page() {
        var out = new ByteArrayOutputStream();
        try {
            format.write(out, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    @Override
    public void waits() {
        waiting.increment();
    }

    @Override
    public void waited() {
        waiting.decrement();
    }

    @Override
    public void unchanged() {
        unchanged.inc();
    }

    @Override
    public void changed() {
        changed.inc();
    }
}
