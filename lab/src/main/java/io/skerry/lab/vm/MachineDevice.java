package io.skerry.lab.vm;

import io.skerry.lab.Installation;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A real device daemon in a virtual machine, with its data on the machine's disk. Programs come from the host's root. What the
 * daemon says stands on the machine's console.
 */
public final class MachineDevice {
    /** Its data folder, in the guest. */
    public static final String DATA = "/disk/skerry";

    private static final String PID_FILE = "/run/skerry-lab/daemon.pid";
    private static final Duration ENROL_LIMIT = Duration.ofMinutes(2);

    private final VirtualMachine machine;
    private final Installation installation;

    public MachineDevice(VirtualMachine machine, Installation installation) {
        this.machine = machine;
        this.installation = installation;
    }

    /**
     * Enrols it with a claim token; the machine must be on.
     *
     * @throws ProblemException {@code lab.enrol-failed}
     */
    public void enrol(URI cloud, String token, String name) {
        String command = String.join(
                " ",
                installation.command(
                        "device",
                        "enrol",
                        "--data",
                        DATA,
                        "--cloud",
                        cloud.toString(),
                        "--name",
                        name,
                        "--token-file",
                        "-"));
        GuestResult result = machine.run(ENROL_LIMIT, command + " <<'TOKEN'\n" + token + "\nTOKEN\n");
        if (!result.succeeded()) {
            throw new Problem(
                            "lab.enrol-failed",
                            "Device " + name + " could not enrol: " + (result.err() + result.out()).strip())
                    .asException();
        }
    }

    /** Starts the daemon. */
    public void start() {
        String command = String.join(" ", installation.command("device", "run", "--data", DATA));
        machine.output("""
                setsid sh -c 'echo $$ >%s; exec %s' </dev/null >/dev/ttyS0 2>&1 &
                """.formatted(PID_FILE, command));
    }

    /** Whether the daemon that was started last runs. */
    public boolean daemonRuns() {
        return machine.run(Duration.ofSeconds(20), "kill -0 $(cat %s)".formatted(PID_FILE))
                .succeeded();
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
        return machine.output("cat " + DATA + "/status.json");
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
                  found="layer $(cat "$mark") $(cd "${mark%%.done}" && %s)"
                  [ ! -e "$mark" ] || echo "$found"
                done 2>/dev/null
                exit 0
                """.formatted(DATA, LayerPrint.SCRIPT));
        Set<String> whole = layers.stream()
                .map(l -> "layer " + l.diffId() + " " + l.print())
                .collect(Collectors.toSet());
        return found.lines().filter(l -> !whole.contains(l)).toList();
    }

    /**
     * What is left over when only these containers should be there: further containers, mounts, groups, parents, unfinished
     * files.
     *
     * @return sentences; empty when nothing is
     */
    public List<String> leftovers(Set<String> containers) {
        String found = output(Duration.ofMinutes(1), """
                cd %1$s
                for c in containers/*/; do [ ! -d "$c" ] || echo "folder $(basename "$c")"; done
                awk '$2 ~ "^%1$s/" { print "mount " $2 }' /proc/mounts
                for g in /sys/fs/cgroup/skerry/device/*/; do [ ! -d "$g" ] || echo "group $(basename "$g")"; done
                for c in $(pgrep -x conmon); do echo "parent $(tr '\\0' ' ' </proc/$c/cmdline | sed 's/.* -c \\([^ ]*\\) .*/\\1/')"; done
                for u in content/layers/*.unfinished content/partial/*; do [ ! -e "$u" ] || echo "unfinished $u"; done
                """.formatted(DATA));
        Set<String> expected = new TreeSet<>();
        for (String container : containers) {
            expected.addAll(List.of(
                    "folder " + container,
                    "mount " + DATA + "/containers/" + container + "/rootfs",
                    "group " + container,
                    "parent " + container));
        }
        return found.lines()
                .filter(l -> !expected.remove(l))
                .map(l -> "left over: " + l)
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
