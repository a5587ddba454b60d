package io.skerry.lab.host;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One bridge on the host and, for each device, a network namespace with a cable to it. Addresses come from 198.18.0.0/15,
 * which is set aside for tests of network devices (RFC 2544). Nothing is routed or forwarded, and no firewall rule is made.
 *
 */
public final class LabNetwork {
    private static final Pattern SUBNET = Pattern.compile("198\\.18\\.(\\d+)\\.");

    private final HostTools tools;
    private final String lab;
    private final int subnet;

    public LabNetwork(HostTools tools, String lab, int subnet) {
        this.tools = tools;
        this.lab = lab;
        this.subnet = subnet;
    }

    /**
     * The lowest subnet that no interface of the host uses.
     *
     * @throws ProblemException {@code host.no-subnet}
     */
    public static int freeSubnet(HostTools tools) {
        Set<Integer> used = new TreeSet<>();
        Matcher m = SUBNET.matcher(tools.run("ip", "-4", "-o", "addr"));
        while (m.find()) {
            used.add(Integer.valueOf(m.group(1)));
        }
        for (int n = 0; n < 256; n++) {
            if (!used.contains(n)) {
                return n;
            }
        }
        throw new Problem("host.no-subnet", "All of 198.18.0.0/16 is in use on this machine.").asException();
    }

    public String bridge() {
        return lab + "0";
    }

    /** The host's address on the bridge. */
    public String hostAddress() {
        return "198.18." + subnet + ".1";
    }

    /** The namespace of a device. */
    public String namespace(String device) {
        return lab + "-" + device;
    }

    /** Whether any part of it is there. */
    public boolean present() {
        return Files.exists(Path.of("/sys/class/net/" + bridge()))
                || !namespaces().isEmpty();
    }

    /** Makes the bridge if it is missing. */
    public void ensureBridge() {
        if (!Files.exists(Path.of("/sys/class/net/" + bridge()))) {
            tools.run("ip", "link", "add", bridge(), "type", "bridge");
        }
        if (!tools.run("ip", "-4", "-o", "addr", "show", "dev", bridge()).contains(hostAddress() + "/")) {
            tools.run("ip", "addr", "add", hostAddress() + "/24", "dev", bridge());
        }
        tools.run("ip", "link", "set", bridge(), "up");
    }

    /**
     * Makes a device's namespace and its cable to the bridge if they are missing.
     *
     * @param index counts the lab's devices from 0
     */
    public void ensureNamespace(String device, int index) {
        String namespace = namespace(device);
        if (!namespaces().contains(namespace)) {
            tools.run("ip", "netns", "add", namespace);
        }
        tools.run("ip", "-n", namespace, "link", "set", "lo", "up");
        if (!tools.attempt("ip", "-n", namespace, "link", "show", "eth0").succeeded()) {
            String cable = lab + "v" + index;
            tools.attempt("ip", "link", "del", cable);
            tools.run("ip", "link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", namespace);
        }
        tools.run("ip", "link", "set", lab + "v" + index, "master", bridge(), "up");
        String address = "198.18." + subnet + "." + (10 + index) + "/24";
        tools.run("ip", "-n", namespace, "addr", "replace", address, "dev", "eth0");
        tools.run("ip", "-n", namespace, "link", "set", "eth0", "up");
    }

    /** Takes a device's cable out or puts it back. */
    public void plug(String device, boolean in) {
        tools.run("ip", "-n", namespace(device), "link", "set", "eth0", in ? "up" : "down");
    }

    /** The numbers of the processes in a device's namespace. */
    public List<Long> processes(String device) {
        if (!namespaces().contains(namespace(device))) {
            return List.of();
        }
        return tools.run("ip", "netns", "pids", namespace(device))
                .lines()
                .map(String::strip)
                .filter(l -> !l.isEmpty())
                .map(Long::valueOf)
                .toList();
    }

    public void removeNamespace(String device) {
        if (namespaces().contains(namespace(device))) {
            tools.run("ip", "netns", "del", namespace(device));
        }
    }

    /** The namespaces that carry the lab's name. */
    public List<String> namespaces() {
        return Arrays.stream(tools.run("ip", "netns", "list").split("\n", -1))
                .map(l -> l.split(" ", 2)[0].strip())
                .filter(n -> n.startsWith(lab + "-"))
                .toList();
    }

    public void removeBridge() {
        if (Files.exists(Path.of("/sys/class/net/" + bridge()))) {
            tools.run("ip", "link", "del", bridge());
        }
    }
}
