package io.skerry.lab.reliability;

import io.skerry.lab.Breakage;
import io.skerry.lab.FleetApi;
import io.skerry.lab.Installation;
import io.skerry.lab.PassingLab;
import io.skerry.lab.SampleImage;
import io.skerry.lab.VirtualDevice;
import io.skerry.lab.host.HostTools;
import io.skerry.lab.host.Pause;
import io.skerry.spec.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A real device on this host that goes through one update after the other, to good versions and bad ones, while its daemon is
 * killed, or its power or its network goes. After each it must run the whole version that it should, have content that is what
 * its digests say, and nothing else left. What isn't flushed isn't lost here, which {@link PowerCuts} are for; but a day is short.
 */
public final class HardDays implements AutoCloseable {
    /** More than a device keeps. */
    private static final int GOOD = 4;

    private static final List<Breakage> BAD = List.of(Breakage.EXITS, Breakage.UNHEALTHY, Breakage.CRASH_LOOP);
    private static final Duration USUAL = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Pattern PAGE = Pattern.compile("hello from version (\\d+) ");

    private final HostTools tools = new HostTools();
    private final PassingLab lab;
    private final TrialServices services;
    private final VirtualDevice device;
    private final DeviceTraces traces;
    private final String instance;
    private int version = 1;

    private enum Blow {
        NOTHING("nothing happened"),
        KILLED("the daemon was killed"),
        KILLED_TWICE("the daemon was killed, and again as it came up"),
        POWER("the power went, and came back without a network"),
        NETWORK("the network went for a while");

        private final String words;

        Blow(String words) {
            this.words = words;
        }
    }

    /**
     * Makes the device, with version 1 running on it.
     *
     * @param name 1 to 9 lower-case letters and digits, not used by another lab on this host
     */
    public HardDays(Installation installation, String name) {
        lab = new PassingLab(installation, name, 1);
        try {
            services = new TrialServices(lab);
            device = lab.lab().devices().getFirst();
            traces = new DeviceTraces(device);
            List<SampleImage> images = Stream.concat(
                            IntStream.rangeClosed(1, GOOD).mapToObj(v -> new SampleImage(v, Breakage.NONE)),
                            IntStream.range(0, BAD.size()).mapToObj(i -> new SampleImage(GOOD + 1 + i, BAD.get(i))))
                    .toList();
            // Longer than the one that falls over takes for it; else it may be committed first, rightly.
            Map<String, ?> quick = Map.of("probation_seconds", 5, "stop_seconds", 1);
            String service = services.importVersions("day", images.subList(0, 1), quick);
            String node =
                    lab.api().node(lab.api().firstCustomer(), device.name()).orElseThrow();
            instance = lab.api().addInstance(service, node);
            services.pin(instance, 1);
            services.importVersions("day", images.subList(1, images.size()), quick);
            if (!Pause.until(PATIENCE, () -> isAsWanted(1, 1))) {
                throw new Problem("lab.trial-not-ready", "Version 1 didn't get healthy: " + now() + ".").asException();
            }
        } catch (RuntimeException e) {
            lab.close();
            throw e;
        }
    }

    /** Begins an update, deals the device a blow in its middle, and looks at what becomes of it. */
    public HardDay live(long seed) {
        Random random = new Random(seed);
        int from = version;
        boolean good = random.nextInt(4) > 0;
        int to = good ? (from + random.nextInt(GOOD - 1)) % GOOD + 1 : GOOD + 1 + random.nextInt(BAD.size());
        Blow blow = Blow.values()[random.nextInt(Blow.values().length)];
        long millis = random.nextLong(USUAL.toMillis());
        long pause = random.nextLong(USUAL.toMillis() / 2);
        List<String> faults = new ArrayList<>();

        services.pin(instance, to);
        Pause.of(Duration.ofMillis(millis));
        strike(blow, pause, from, to, faults);

        long began = System.nanoTime();
        int goal = good ? to : from;
        List<String> left = new ArrayList<>();
        if (!Pause.until(PATIENCE, () -> isAsWanted(goal, to))) {
            faults.add("version %d isn't reached: %s, and its page is of version %d".formatted(goal, now(), page()));
        } else {
            Pause.until(Duration.ofSeconds(30), () -> {
                left.clear();
                left.addAll(traces.leftovers(instance));
                return left.isEmpty();
            });
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        faults.addAll(left);
        faults.addAll(traces.spoilt());
        version = goal;
        return new HardDay(seed, from, to, "after %d ms %s".formatted(millis, blow.words), seconds, faults);
    }

    private void strike(Blow blow, long pause, int from, int to, List<String> faults) {
        switch (blow) {
            case NOTHING -> {}
            case KILLED -> {
                device.kill();
                device.start();
            }
            case KILLED_TWICE -> {
                device.kill();
                device.start();
                Pause.of(Duration.ofMillis(pause));
                device.kill();
                device.start();
            }
            case POWER -> {
                device.plug(false);
                device.reboot();
                require(() -> page() == from || page() == to, "no version runs without a network", faults);
                device.plug(true);
            }
            case NETWORK -> {
                device.plug(false);
                Pause.of(Duration.ofMillis(pause));
                require(() -> page() == from || page() == to, "no version runs without a network", faults);
                device.plug(true);
            }
        }
    }

    private static void require(BooleanSupplier condition, String otherwise, List<String> faults) {
        if (!Pause.until(PATIENCE, condition)) {
            faults.add(otherwise);
        }
    }

    private boolean isAsWanted(int goal, int asked) {
        FleetApi.Instance now = now();
        boolean told = goal == asked ? now.healthy() : now.settled() && !now.healthy();
        return told
                && now.online()
                && now.targetVersion().filter(v -> v == asked).isPresent()
                && now.runningVersion().filter(v -> v == goal).isPresent()
                && page() == goal;
    }

    private FleetApi.Instance now() {
        return services.instance(instance);
    }

    /** The version that answers; 0 when none does. */
    private int page() {
        for (String id : List.of(instance, instance + "+")) {
            String network = "--net=" + device.data().resolve("run/netns").resolve(id);
            String url = "http://127.0.0.1:" + SampleImage.PORT + "/";
            // Without wget's own limit, with which Debian's busybox breaks.
            List<String> ask = List.of("nsenter", network, "busybox", "wget", "-q", "-O", "-", url);
            Matcher m =
                    PAGE.matcher(tools.attempt("", Duration.ofSeconds(10), ask).out());
            if (m.find()) {
                return Integer.parseInt(m.group(1));
            }
        }
        return 0;
    }

    @Override
    public void close() {
        lab.close();
    }
}
