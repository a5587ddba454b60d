package io.skerry.lab.vm;

import io.skerry.lab.Installation;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A real device daemon in a virtual machine, with its data on the machine's disk. Programs come from the host's root. What the
 * daemon says stands on the machine's console.
 */
public final class MachineDevice {
    private static final String PID_FILE = "/run/skerry-lab/daemon.pid";
    /** An emulated machine on a busy host. */
    private static final String UNREACHED = "can't be reached";

    private static final int ENROL_TRIES = 4;
    private static final Duration START_LIMIT = Duration.ofMinutes(3);

    /** Who starts the daemon. */
    public enum Keeper {
        /** A shell, with the data on the disk. */
        SHELL("/disk/skerry"),
        /** {@link #UNIT} as it is shipped, in a machine of {@link SystemdRoot}; the disk is mounted where it has its data. */
        SYSTEMD("/var/lib/skerry");

        private final String data;

        Keeper(String data) {
            this.data = data;
        }
    }

    /** The daemon's unit of systemd. */
    public static final String UNIT = "skerry-device.service";

    private final VirtualMachine machine;
    private final Installation installation;
    private final Keeper keeper;
    private final String data;

    public MachineDevice(VirtualMachine machine, Installation installation, Keeper keeper) {
        this.machine = machine;
        this.installation = installation;
        this.keeper = keeper;
        this.data = keeper.data;
    }

    /** The unit's text as it is shipped. */
    public static String unit(Installation installation) {
        try {
            return Files.readString(installation.checkout().resolve("packaging/systemd/" + UNIT));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Enrols it with a claim token; the machine must be on.
     *
     * @throws ProblemException {@code lab.enrol-failed}
     */
    public void enrol(URI cloud, String token, String name) {
        if (keeper == Keeper.SYSTEMD) {
            machine.output("""
                    umount /disk
                    mkdir -p /usr/lib/skerry %1$s
                    ln -s %2$s/device /usr/lib/skerry/device
                    mount -t ext4 /dev/vda %1$s
                    """.formatted(data, installation.folder()));
        }
        String command = String.join(
                " ",
                installation.command(
                        "device",
                        "enrol",
                        "--data",
                        data,
                        "--cloud",
                        cloud.toString(),
                        "--name",
                        name,
                        "--token-file",
                        "-"));
        GuestResult result = machine.run(START_LIMIT, command + " <<'TOKEN'\n" + token + "\nTOKEN\n");
        // A guest whose processor is emulated on a busy host may be too slow for a time limit of its own.
        for (int tries = 1; !result.succeeded() && result.err().contains(UNREACHED) && tries < ENROL_TRIES; tries++) {
            result = machine.run(START_LIMIT, command + " <<'TOKEN'\n" + token + "\nTOKEN\n");
        }
        if (!result.succeeded()) {
            throw new Problem(
                            "lab.enrol-failed",
                            "Device " + name + " could not enrol: " + (result.err() + result.out()).strip())
                    .asException();
        }
    }

    /** Starts the daemon; where systemd does, until it said that it is ready. */
    public void start() {
        String command = String.join(" ", installation.command("device", "run", "--data", data));
        output(
                START_LIMIT,
                keeper == Keeper.SYSTEMD
                        ? "systemctl start " + UNIT
                        : "setsid sh -c 'echo $$ >%s; exec %s' </dev/null >/dev/ttyS0 2>&1 &"
                                .formatted(PID_FILE, command));
    }

    /** Whether the daemon that was started last runs. */
    public boolean daemonRuns() {
        String question =
                keeper == Keeper.SYSTEMD ? "systemctl is-active " + UNIT : "kill -0 $(cat %s)".formatted(PID_FILE);
        return machine.run(Duration.ofSeconds(20), question).succeeded();
    }

    /** The id of a container's first process; empty when it has none. */
    public String process(String container) {
        return machine.run(
                        Duration.ofSeconds(20),
                        "head -n 1 /sys/fs/cgroup/skerry/device/%s/cgroup.procs".formatted(container))
                .out()
                .strip();
    }

    /**
     * What {@code GET /} answers inside a container; empty when nothing does.
     *
     * @param container its name, which is its instance's id
     */
    public String page(String container, int port) {
        return machine.run(Duration.ofSeconds(20), """
                read -r pid </sys/fs/cgroup/skerry/device/%s/cgroup.procs || exit 1
                nsenter --net=/proc/$pid/ns/net timeout 5 busybox wget -q -O - http://127.0.0.1:%d/
                """.formatted(container, port))
                .out();
    }

    /** What it says of itself, as {@code status.json} has it. */
    public String status() {
        return machine.output("cat " + data + "/status.json");
    }

    /**
     * What is wrong with its content: blobs whose digest isn't their name, and layers that are marked as complete and aren't what
     * they should be.
     *
     * @param layers what the layers should be, {@link LayerPrint}s of the same archives unpacked by somebody else
     * @return sentences; empty when all is whole
     */
    public List<String> contentFaults(Set<LayerPrint> layers) {
        String found = output(Duration.ofMinutes(3), """
                cd %s/content
                # What the collector took away meanwhile isn't wrong.
                find blobs -type f | while read -r blob; do
                  sum=$(sha256sum "$blob" 2>/dev/null)
                  [ "${sum%%%% *}" = "${blob##*/}" ] || [ ! -e "$blob" ] || echo "blob $blob has the digest ${sum%%%% *}"
                done
                for mark in layers/*.done; do
                  [ -e "$mark" ] || continue
                  read -r layer print < "$mark"
                  found="layer $layer $(cd "${mark%%.done}" && %s)"
                  [ ! -e "$mark" ] || echo "$found"
                done 2>/dev/null
                exit 0
                """.formatted(data, LayerPrint.SCRIPT));
        Set<String> whole = layers.stream()
                .map(l -> "layer " + l.diffId() + " " + l.print())
                .collect(Collectors.toSet());
        return found.lines().filter(l -> !whole.contains(l)).toList();
    }

    /**
     * What is left over when only these containers should be there and no update is under way: further containers, mounts,
     * groups, networks, parents, notes of the runtime, unfinished files, room that is still reserved.
     *
     * @return sentences, also of what should be there and isn't; empty when all is as it should be
     */
    public List<String> leftovers(Set<String> containers) {
        String found = output(Duration.ofMinutes(1), """
                cd %1$s
                for c in containers/*/; do [ ! -d "$c" ] || echo "folder $(basename "$c")"; done
                awk '$2 ~ "^%1$s/" { print "mount " $2 }' /proc/mounts
                for g in /sys/fs/cgroup/skerry/device/*/; do [ ! -d "$g" ] || echo "group $(basename "$g")"; done
                for c in $(pgrep -x conmon); do echo "parent $(tr '\\0' ' ' </proc/$c/cmdline | sed 's/.* -c \\([^ ]*\\) .*/\\1/')"; done
                for n in run/runc/*; do [ ! -e "$n" ] || echo "note $(basename "$n")"; done
                for n in $(lsns -n -t net -o NS); do echo network; done
                for u in content/layers/*.unfinished content/partial/* trying; do
                  [ ! -e "$u" ] && [ ! -L "$u" ] || echo "unfinished $u"
                done
                find . -maxdepth 3 -name '.*.tmp' ! -path './containers/*/*' | sed 's/^/unfinished /'
                find content/reserved -type f | sed 's/^/reserved /'
                """.formatted(data));
        // The machine's own network and each container's.
        List<String> expected = new ArrayList<>(List.of("network", "mount " + data + "/run"));
        for (String container : containers) {
            expected.addAll(List.of(
                    "folder " + container,
                    "mount " + data + "/containers/" + container + "/rootfs",
                    "mount " + data + "/run/netns/" + container,
                    "group " + container,
                    "note " + container,
                    "network",
                    "parent " + container));
        }
        List<String> left = found.lines()
                .filter(l -> !expected.remove(l))
                .map(l -> "left over: " + l)
                .toList();
        return Stream.concat(left.stream(), expected.stream().map(l -> "missing: " + l))
                .toList();
    }

    private String output(Duration limit, String script) {
        GuestResult result = machine.run(limit, script);
        if (!result.succeeded()) {
            throw new Problem(
                            "lab.guest-command",
                            "A look at the device ended with " + result.code() + ": "
                                    + (result.err() + result.out()).strip())
                    .asException();
        }
        return result.out();
    }
}
