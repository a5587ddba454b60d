package io.skerry.device;

import io.skerry.content.files.DurableFiles;
import io.skerry.device.link.TrafficCount;
import io.skerry.device.revision.Standing;
import io.skerry.spec.Problem;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Position;
import io.skerry.spec.status.ContainerStatus;
import io.skerry.spec.status.DeviceStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts the device's status together, for the cloud and for whoever looks at {@code <data>/status.json}. */
final class StatusBoard {
    private static final System.Logger LOG = System.getLogger(StatusBoard.class.getName());
    private static final Path MEMORY = Path.of("/proc/meminfo");

    private final Path data;
    private final Host host;
    private final Supplier<Standing> standing;
    private final TrafficCount traffic;
    private final InstantSource clock;

    StatusBoard(Path data, Host host, Supplier<Standing> standing, TrafficCount traffic, InstantSource clock) {
        this.data = data;
        this.host = host;
        this.standing = standing;
        this.traffic = traffic;
        this.clock = clock;
    }

    /** The status as it is now. */
    DeviceStatus status(Position accepted, List<Problem> linkProblems) {
        Standing now = standing.get();
        List<Problem> problems = new ArrayList<>(host.problems().get());
        problems.addAll(now.problems());
        problems.addAll(linkProblems);
        return new DeviceStatus(
                DeviceProgram.VERSION,
                clock.millis(),
                host.capabilities().get(),
                accepted,
                now.revision(),
                containers(now),
                resources(),
                traffic.byPurpose(),
                problems);
    }

    /** Writes the status for local readers. Not synced: it is worth nothing after a power failure. */
    void write(byte[] json) {
        Path file = data.resolve("status.json");
        Path aside = data.resolve(".status.json.tmp");
        try {
            Files.write(aside, json);
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    DurableFiles.failed("write", file, e).problem().sentence(),
                    e);
        }
    }

    private List<ContainerStatus> containers(Standing now) {
        List<ContainerStatus> all = new ArrayList<>(host.containers().status());
        Set<String> there = new HashSet<>();
        all.forEach(s -> there.add(s.name()));
        for (Map.Entry<String, Container> coming : now.coming().containers().entrySet()) {
            if (!there.contains(coming.getKey())) {
                all.add(waiting(coming.getKey(), coming.getValue()));
            }
        }
        return all;
    }

    private static ContainerStatus waiting(String name, Container container) {
        return new ContainerStatus(
                name,
                container.service(),
                container.image().manifest(),
                ContainerStatus.State.WAITING,
                ContainerStatus.Health.STARTING,
                0,
                0,
                Optional.empty(),
                "");
    }

    private DeviceStatus.Resources resources() {
        long diskTotal = 0;
        long diskFree = 0;
        String memory = "";
        try {
            var disk = Files.getFileStore(data);
            diskTotal = disk.getTotalSpace();
            diskFree = disk.getUsableSpace();
            memory = Files.readString(MEMORY, StandardCharsets.US_ASCII);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "the machine's resources can't be read", e);
        }
        return new DeviceStatus.Resources(
                memory(memory, "MemTotal"), memory(memory, "MemAvailable"), diskTotal, diskFree);
    }

    /** Bytes of a line of /proc/meminfo (proc(5)); 0 when it isn't there. */
    static long memory(String meminfo, String key) {
        Matcher line = Pattern.compile("(?m)^" + key + ":\\s+([0-9]{1,15}) kB$").matcher(meminfo);
        return line.find() ? Long.parseLong(line.group(1)) * 1024 : 0;
    }
}
