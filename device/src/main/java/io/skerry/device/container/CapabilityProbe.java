package io.skerry.device.container;

import io.skerry.device.host.HostCommands;
import io.skerry.spec.Architecture;
import io.skerry.spec.desired.DesiredState;
import io.skerry.spec.status.Capabilities;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What this device's programs and kernel allow containers to be; looks at files only, starts nothing. */
public final class CapabilityProbe {
    private final ContainerSettings settings;
    private final List<Path> searchPath;
    private final Path cgroupRoot;

    /** For the machine that the daemon runs on. */
    public CapabilityProbe(ContainerSettings settings) {
        this(settings, HostCommands.SEARCH_PATH.stream().map(Path::of).toList(), Path.of("/sys/fs/cgroup"));
    }

    CapabilityProbe(ContainerSettings settings, List<Path> searchPath, Path cgroupRoot) {
        this.settings = settings;
        this.searchPath = List.copyOf(searchPath);
        this.cgroupRoot = cgroupRoot;
    }

    /** What the device can do with the programs that are installed now. */
    public Capabilities capabilities(Architecture architecture) {
        boolean runs = missing().isEmpty();
        List<String> features = new ArrayList<>();
        if (runs) {
            features.addAll(List.of("volumes", "health-exec", "logs"));
            features.addAll(List.of(
                    "groups",
                    "ready-word",
                    "goal-seconds",
                    "update-rules",
                    "recovery",
                    "volume-care",
                    "windows",
                    "config-files"));
            if (present("nsenter") && present("busybox")) {
                features.addAll(List.of("health-http", "health-tcp"));
            }
        }
        return new Capabilities(
                DesiredState.DOCUMENT_VERSION,
                architecture,
                runs ? List.of("runc") : List.of(),
                List.of("disabled"),
                features,
                Cgroups.at(cgroupRoot).version());
    }

    /** The Debian packages that have to be installed before containers can run; none when all are there. */
    public List<String> missing() {
        List<String> packages = new ArrayList<>();
        if (!present(settings.runc())) {
            packages.add("runc");
        }
        if (!present(settings.conmon())) {
            packages.add("conmon");
        }
        if (!Files.isExecutable(settings.tini())) {
            packages.add("tini");
        }
        return packages;
    }

    private boolean present(String program) {
        return program.startsWith("/")
                ? Files.isExecutable(Path.of(program))
                : searchPath.stream().anyMatch(folder -> Files.isExecutable(folder.resolve(program)));
    }
}
