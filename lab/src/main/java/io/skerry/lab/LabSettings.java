package io.skerry.lab;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.JsonType;
import io.skerry.lab.host.HostTools;
import io.skerry.lab.host.LabNetwork;
import io.skerry.lab.host.Ports;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Required;
import io.skerry.spec.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * What a lab keeps for all its life, in {@code lab.json}. What runs is not in it: that is looked up when it matters.
 *
 * @param name carried by bridge, namespaces and control groups
 * @param subnet the third byte of its network 198.18.N.0/24; empty while it has no network
 * @param port where operators reach the control plane
 * @param devicePort where devices reach it
 * @param registryPort of the source registry
 * @param devices their names
 */
@Json(naming = Json.Naming.LowerUnderscore)
public record LabSettings(
        String name, Optional<Integer> subnet, int port, int devicePort, int registryPort, List<String> devices) {
    private static final JsonType<LabSettings> JSON = Wire.lenient(LabSettings.class);
    /** An interface's name holds 15 characters, and {@code <name>v<index>} must fit. */
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]{0,8}");

    static final int MOST_DEVICES = 64;

    public LabSettings {
        Required.field(name, "name");
        Required.field(subnet, "subnet");
        Required.field(devices, "devices");
        devices = List.copyOf(devices);
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a lab's name is 1 to 9 lower-case letters and digits, not '" + name + "'");
        }
    }

    /** Settings of a new lab; the well-known ports if they are free. */
    static LabSettings fresh(String name, int devices) {
        int port = Ports.free(7443);
        return new LabSettings(name, Optional.empty(), port, Ports.free(7444), Ports.free(0), names(devices));
    }

    /** Settings of a new lab beside others: any free ports; it may have no device of its own. */
    static LabSettings beside(String name, int devices) {
        List<String> names = devices == 0 ? List.of() : names(devices);
        return new LabSettings(name, Optional.empty(), Ports.free(0), Ports.free(0), Ports.free(0), names);
    }

    /** @throws ProblemException {@code lab.devices} */
    private static List<String> names(int devices) {
        if (devices < 1 || devices > MOST_DEVICES) {
            throw new Problem(
                            "lab.devices",
                            "A lab can't have " + devices + " devices.",
                            "Choose 1 to " + MOST_DEVICES + ".")
                    .asException();
        }
        return IntStream.rangeClosed(1, devices).mapToObj(i -> "edge-" + i).toList();
    }

    /** With at least this many devices: those that are there stay. */
    LabSettings withDevices(int count) {
        return count >= 1 && count <= devices.size()
                ? this
                : new LabSettings(name, subnet, port, devicePort, registryPort, names(count));
    }

    LabSettings withSubnet(HostTools tools) {
        return subnet.isPresent()
                ? this
                : new LabSettings(
                        name, Optional.of(LabNetwork.freeSubnet(tools)), port, devicePort, registryPort, devices);
    }

    static Optional<LabSettings> read(Path folder) {
        Path file = folder.resolve("lab.json");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Wire.read(JSON, Files.readAllBytes(file), "The lab's file " + file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(Path folder) {
        PrivateFiles.write(folder.resolve("lab.json"), JSON.toJson(this));
    }
}
