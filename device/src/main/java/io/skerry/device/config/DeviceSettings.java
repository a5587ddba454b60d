package io.skerry.device.config;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import io.skerry.spec.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How the daemon is to behave: {@code <data>/device.json}, each key with a default.
 *
 * @param data the folder that holds all of the daemon's state
 * @param cloud where the cloud serves devices; empty before enrolment
 * @param cgroupScope the part of the containers' cgroup paths that keeps several daemons on one machine apart
 * @param logBytes how much of each container's log is kept
 * @param pollWait how long a poll waits at first
 * @param statusInterval after which the status is sent though nothing changed
 * @param tini the program that is process 1 in each container
 * @param jsonLog whether the daemon's own log is JSON lines
 * @param bootIdFile whose content differs from boot to boot of the machine
 * @param rebootCommand by which the machine is rebooted, program and arguments; empty: as its init does it
 * @param watchdogDevice the machine's watchdog, if the daemon is to use one
 * @param watchdogLimit after how long without a beat it is to reset the machine
 */
public record DeviceSettings(
        Path data,
        Optional<URI> cloud,
        String cgroupScope,
        long logBytes,
        Duration pollWait,
        Duration statusInterval,
        Path tini,
        boolean jsonLog,
        Path bootIdFile,
        List<String> rebootCommand,
        Optional<Path> watchdogDevice,
        Duration watchdogLimit) {
    private static final System.Logger LOG = System.getLogger(DeviceSettings.class.getName());
    private static final String FILE = "device.json";
    private static final int MOST_BYTES = 64 << 10;
    private static final SettingsFile NOTHING = new SettingsFile(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    /** @throws ProblemException {@code config.…}, naming the key */
    public static DeviceSettings read(Path data) {
        SettingsFile file = file(data);
        return new DeviceSettings(
                data.toAbsolutePath().normalize(),
                file.cloud().map(c -> cloudAddress("cloud", c)),
                file.cgroupScope().map(DeviceSettings::scope).orElse("device"),
                ranged("log_bytes", file.logBytes().orElse(1L << 20), 16L << 10, 1L << 30),
                Duration.ofSeconds(
                        ranged("poll_wait_seconds", file.pollWaitSeconds().orElse(300), 1, 3600)),
                Duration.ofSeconds(ranged("status_seconds", file.statusSeconds().orElse(300), 5, 3600)),
                Path.of(file.tini().orElse("/usr/bin/tini-static")),
                file.logFormat().map(DeviceSettings::isJson).orElse(false),
                Path.of(file.bootIdFile().orElse("/proc/sys/kernel/random/boot_id")),
                file.rebootCommand().orElse(List.of()),
                file.watchdogDevice().map(DeviceSettings::device),
                watchdogLimit(file));
    }

    /**
     * The cloud's address: https, a host, perhaps a port, nothing else.
     *
     * @param key what is being read, for the message
     * @throws ProblemException {@code config.value}
     */
    public static URI cloudAddress(String key, String text) {
        try {
            URI uri = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
            if ("https".equals(uri.getScheme())
                    && uri.getHost() != null
                    && uri.getRawPath().isEmpty()
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && uri.getRawUserInfo() == null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw wrong(key, text, "an address such as https://cloud.example:7444")
                    .asException(e);
        }
        throw wrong(key, text, "an address such as https://cloud.example:7444").asException();
    }

    private static SettingsFile file(Path data) {
        Path path = data.resolve(FILE);
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new Problem("config.too-large", path + " has more than " + MOST_BYTES + " bytes.").asException();
            }
            if (bytes.length == 0) {
                // What a power cut leaves of a file that somebody was writing; each setting has a default.
                LOG.log(System.Logger.Level.WARNING, "{0} is empty, as if it weren''t there", path);
                return NOTHING;
            }
            return Wire.read(SettingsFile.JSON, bytes, path.toString());
        } catch (NoSuchFileException e) {
            return NOTHING;
        } catch (IOException e) {
            throw new Problem("config.unreadable", path + " can't be read: " + e.getMessage() + ".").asException(e);
        }
    }

    private static String scope(String scope) {
        if (!scope.matches("[A-Za-z0-9][A-Za-z0-9_.-]{0,62}")) {
            throw wrong("cgroup_scope", scope, "1 to 63 letters, digits, dots, dashes or underscores")
                    .asException();
        }
        return scope;
    }

    private static boolean isJson(String format) {
        return switch (format) {
            case "json" -> true;
            case "plain" -> false;
            default -> throw wrong("log_format", format, "json or plain").asException();
        };
    }

    private static Path device(String path) {
        if (!path.matches("/dev/[\\x21-\\x7e]{1,200}")) {
            throw wrong("watchdog_device", path, "the path of a watchdog, such as /dev/watchdog")
                    .asException();
        }
        return Path.of(path);
    }

    private static Duration watchdogLimit(SettingsFile file) {
        if (file.watchdogSeconds().isPresent() && file.watchdogDevice().isEmpty()) {
            throw new Problem(
                            "config.value",
                            "watchdog_seconds has no effect without watchdog_device.",
                            "Set watchdog_device, such as /dev/watchdog, or leave out both.")
                    .asException();
        }
        return Duration.ofSeconds(
                ranged("watchdog_seconds", file.watchdogSeconds().orElse(60), 10, 3600));
    }

    private static long ranged(String key, long value, long least, long most) {
        if (value < least || value > most) {
            throw wrong(key, Long.toString(value), "a whole number from " + least + " to " + most)
                    .asException();
        }
        return value;
    }

    private static Problem wrong(String key, String value, String right) {
        return new Problem(
                "config.value",
                "'" + Text.shortened(value, 80) + "' can't be the value of " + key + ".",
                "Use " + right + ".");
    }
}
