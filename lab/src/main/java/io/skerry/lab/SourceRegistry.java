package io.skerry.lab;

import io.skerry.lab.host.Daemon;
import io.skerry.lab.host.HostTools;
import io.skerry.lab.host.Pause;
import io.skerry.lab.host.Processes;
import io.skerry.spec.Architecture;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * Debian's {@code docker-registry} on a loopback port, behind a password: the source from which images are imported, and
 * which may vanish afterwards. What was pushed stays in its folder.
 */
public final class SourceRegistry implements AutoCloseable {
    /** The one user that it knows. */
    public static final String USER = "lab";

    private final HostTools tools;
    private final Processes processes = new Processes();
    private final Path folder;
    private final int port;

    public SourceRegistry(HostTools tools, Path folder, int port) {
        this.tools = tools;
        this.folder = folder.toAbsolutePath().normalize();
        this.port = port;
    }

    /** Host and port, as image references name it. */
    public String host() {
        return "127.0.0.1:" + port;
    }

    /** How an image of this name and tag is called for an import. */
    public String reference(String name, String tag) {
        return host() + "/" + name + ":" + tag;
    }

    /** {@link #USER}'s password, made once and kept in the registry's folder. */
    public String password() {
        Path file = passwordFile();
        try {
            if (!Files.exists(file)) {
                byte[] random = new byte[18];
                new SecureRandom().nextBytes(random);
                PrivateFiles.write(file, Base64.getUrlEncoder().withoutPadding().encodeToString(random));
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where {@link #password} is kept. */
    public Path passwordFile() {
        return folder.resolve("password");
    }

    public boolean running() {
        return !processes.of("docker-registry", configuration()).isEmpty();
    }

    /**
     * Starts it if it doesn't run, and waits until it answers.
     *
     * @throws ProblemException {@code host.command-missing} or {@code lab.registry-silent}
     */
    public void start() {
        if (running()) {
            return;
        }
        Path passwords = folder.resolve("htpasswd");
        PrivateFiles.write(passwords, tools.runWithInput(password(), "htpasswd", "-Bin", USER));
        PrivateFiles.write(
                configuration(), """
                version: 0.1
                log: {level: warn, accesslog: {disabled: true}}
                storage: {filesystem: {rootdirectory: %s}}
                http: {addr: "%s"}
                auth: {htpasswd: {realm: lab, path: %s}}
                """.formatted(quoted(folder.resolve("content")), host(), quoted(passwords)));
        Path log = folder.resolve("registry.log");
        List<String> command =
                List.of("docker-registry", "serve", configuration().toString());
        var process = Daemon.start("", command, Map.of("OTEL_TRACES_EXPORTER", "none"), log);
        if (!Pause.until(Duration.ofSeconds(15), () -> answers() || !process.alive()) || !process.alive()) {
            throw new Problem(
                            "lab.registry-silent",
                            "docker-registry does not answer on " + host() + ": " + Daemon.lastWords(log),
                            "Its log is " + log + ".")
                    .asException();
        }
    }

    /** Stops it; what was pushed stays. */
    public void stop() {
        processes.of("docker-registry", configuration()).forEach(p -> p.stop(Duration.ofSeconds(5)));
    }

    @Override
    public void close() {
        stop();
    }

    /**
     * Makes the sample image and pushes it by skopeo; the registry must run.
     *
     * @return the reference by which it can be imported
     * @throws ProblemException {@code host.command-failed}
     */
    public String push(SampleImage image, String name, Architecture architecture) {
        String tag = Integer.toString(image.version());
        try {
            Path layout = Files.createTempDirectory(Files.createDirectories(folder), "layout");
            try {
                image.writeLayout(layout, architecture);
                Path authentication = folder.resolve("auth.json");
                String token =
                        Base64.getEncoder().encodeToString((USER + ":" + password()).getBytes(StandardCharsets.UTF_8));
                PrivateFiles.write(authentication, "{\"auths\":{\"" + host() + "\":{\"auth\":\"" + token + "\"}}}");
                tools.run(
                        "skopeo",
                        "--insecure-policy",
                        "copy",
                        "--quiet",
                        "--dest-tls-verify=false",
                        "--dest-authfile=" + authentication,
                        "oci:" + layout + ":sample",
                        "docker://" + reference(name, tag));
                return reference(name, tag);
            } finally {
                Folders.delete(layout);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path configuration() {
        return folder.resolve("registry.yml");
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static String quoted(Path path) {
        return "'" + path.toString().replace("'", "''") + "'";
    }
}
