package io.skerry.device.watch;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Tells systemd how the daemon is, by datagrams to the socket that it names in the environment (sd_notify(3)). Where nobody
 * asked for it nothing is told. Not safe for use by several threads.
 */
final class ServiceNotice {
    private static final System.Logger LOG = System.getLogger(ServiceNotice.class.getName());
    private static final int MOST_STATUS_CHARS = 500;

    private final LinuxCalls calls;
    private final String name;
    private final Optional<Duration> limit;
    private int socket = -1;
    private boolean readyUnsaid;
    private Optional<String> statusUnsaid = Optional.empty();
    private boolean failing;

    private ServiceNotice(LinuxCalls calls, String name, Optional<Duration> limit) {
        this.calls = calls;
        this.name = name;
        this.limit = limit;
    }

    /**
     * What the environment asks for: {@code NOTIFY_SOCKET}, and {@code WATCHDOG_USEC} unless {@code WATCHDOG_PID} says that
     * another process is meant.
     */
    static Optional<ServiceNotice> of(Map<String, String> environment, long pid) {
        String name = environment.getOrDefault("NOTIFY_SOCKET", "");
        if (name.isEmpty()) {
            return Optional.empty();
        }
        if (name.length() < 2
                || (!name.startsWith("/") && !name.startsWith("@"))
                || name.getBytes(StandardCharsets.UTF_8).length > LinuxCalls.MOST_NAME_BYTES) {
            LOG.log(System.Logger.Level.WARNING, "systemd is told nothing: its socket {0} is of no known kind", name);
            return Optional.empty();
        }
        Optional<LinuxCalls> calls = LinuxCalls.load();
        if (calls.isEmpty()) {
            LOG.log(System.Logger.Level.WARNING, "systemd is told nothing: this Java can't call the C library");
        }
        return calls.map(c -> new ServiceNotice(c, name, limit(environment, pid)));
    }

    private static Optional<Duration> limit(Map<String, String> environment, long pid) {
        String whose = environment.getOrDefault("WATCHDOG_PID", "");
        if (!whose.isEmpty() && !whose.equals(Long.toString(pid))) {
            return Optional.empty();
        }
        String micros = environment.getOrDefault("WATCHDOG_USEC", "");
        if (!micros.matches("[0-9]{1,15}") || Long.parseLong(micros) == 0) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofNanos(Long.parseLong(micros) * 1000));
    }

    /** How long it may go without a {@link #beat} before it is started anew; empty when it isn't watched. */
    Optional<Duration> limit() {
        return limit;
    }

    /** All is well. What couldn't be told before is told now. */
    void beat() {
        if (limit.isPresent()) {
            say("WATCHDOG=1\n");
        } else if (readyUnsaid || statusUnsaid.isPresent()) {
            say("");
        }
    }

    /** It has started. */
    void ready(String status) {
        readyUnsaid = true;
        status(status);
    }

    /** How it is, for {@code systemctl status}. */
    void status(String status) {
        statusUnsaid = Optional.of(line(status));
        say("");
    }

    /** It was told to end and does so. */
    void stopping() {
        statusUnsaid = Optional.of("Ending");
        say("STOPPING=1\n");
    }

    void close() {
        if (socket >= 0) {
            try {
                calls.close(socket);
            } catch (SystemCallException e) {
                LOG.log(System.Logger.Level.DEBUG, "the socket to systemd can't be closed", e);
            }
            socket = -1;
        }
    }

    private static String line(String text) {
        String one = text.replaceAll("\\p{Cntrl}", " ");
        return one.length() > MOST_STATUS_CHARS ? one.substring(0, MOST_STATUS_CHARS) : one;
    }

    private void say(String message) {
        String all = (readyUnsaid ? "READY=1\n" : "")
                + statusUnsaid.map(text -> "STATUS=" + text + "\n").orElse("")
                + message;
        try {
            if (socket < 0) {
                socket = calls.datagramSocket();
            }
            calls.send(socket, name, all.getBytes(StandardCharsets.UTF_8));
            readyUnsaid = false;
            statusUnsaid = Optional.empty();
            failing = false;
        } catch (SystemCallException e) {
            LOG.log(
                    failing ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING,
                    "systemd can't be told: " + e.getMessage(),
                    e);
            failing = true;
        }
    }
}
