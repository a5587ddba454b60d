package io.skerry.lab;

import io.skerry.lab.host.Daemon;
import io.skerry.lab.host.Pause;
import io.skerry.lab.host.Processes;
import io.skerry.lab.host.RunningProcess;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The lab's control plane: a process of its own that goes on when the lab's command ends. */
public final class LabCloud implements AutoCloseable {
    private static final String PROGRAM = "io.skerry.cloud.CloudProgram";
    private static final String STARTER = "skerry-cloud";

    private final Processes processes = new Processes();
    private final Installation installation;
    private final Path data;
    private final Path authority;
    private final Path keyFile;
    private final Path log;
    private final int port;
    private final int devicePort;
    private final Optional<String> deviceAddress;
    private final String plainRegistry;
    private volatile List<String> database = List.of();
    private volatile Map<String, String> memory = Map.of();

    /**
     * @param folder where its data, its first key and its log are kept
     * @param port where operators reach it, on the loopback address
     * @param devicePort where devices reach it
     * @param deviceAddress the address besides the loopback one on which devices reach it
     * @param plainRegistry the registry that may be asked without TLS
     */
    LabCloud(
            Installation installation,
            Path folder,
            int port,
            int devicePort,
            List<String> deviceAddress,
            String plainRegistry) {
        this.installation = installation;
        this.data = folder.resolve("cloud");
        this.authority = data.resolve("ca.pem");
        this.keyFile = folder.resolve("api-key");
        this.log = folder.resolve("log/cloud.log");
        this.port = port;
        this.devicePort = devicePort;
        this.deviceAddress = deviceAddress.stream().findFirst();
        this.plainRegistry = plainRegistry;
    }

    /** Has it keep its tables in a PostgreSQL database, from its next start on and as long as this object lives. */
    public void keepTablesIn(String url, Path passwordFile) {
        database = List.of("--database", url, "--database-password-file", passwordFile.toString());
    }

    /** Gives it a heap of this size, from its next start on and as long as this object lives. */
    public void giveHeap(int megabytes) {
        memory = Map.of("SKERRY_CLOUD_HEAP_MB", Integer.toString(megabytes));
    }

    /** Where operators reach it. */
    public URI url() {
        return URI.create("https://127.0.0.1:" + port);
    }

    /** Where devices reach it. */
    public URI deviceUrl() {
        return URI.create("https://" + deviceAddress.orElse("127.0.0.1") + ":" + devicePort);
    }

    /** Its certificate authority's certificate, PEM. */
    public Path authority() {
        return authority;
    }

    public Path log() {
        return log;
    }

    public Path data() {
        return data;
    }

    /** The API key that was made at its first start. */
    public String key() {
        try {
            return Files.readString(keyFile).strip();
        } catch (IOException e) {
            throw new Problem(
                            "lab.key-missing",
                            "The control plane's first API key is not in " + keyFile + ".",
                            "Begin anew: ./skerry down --purge, then ./skerry up.")
                    .asException(e);
        }
    }

    /** A client of its API with the first key. */
    public FleetApi api() {
        return new FleetApi(url(), authority(), key());
    }

    /** Its process, if it runs. */
    public Optional<RunningProcess> process() {
        return processes.of(List.of(PROGRAM, STARTER), data).stream().findFirst();
    }

    /**
     * Starts it if it doesn't run, or runs from an older build, and waits until it says that it is ready.
     *
     * @return whether it had to be started
     * @throws ProblemException {@code lab.program-ended} with its last words; {@code lab.cloud-silent}
     */
    public boolean start() {
        if (process().isPresent() && outdated()) {
            stop();
        }
        if (process().isPresent() && ready()) {
            return false;
        }
        List<String> command = command();
        RunningProcess running = process().orElseGet(() -> {
            Daemon.mark(log, "start");
            Map<String, String> environment = new HashMap<>(installation.environment());
            environment.putAll(memory);
            return Daemon.start("", command, environment, log);
        });
        boolean came = Pause.until(Duration.ofSeconds(60), () -> !running.alive() || ready());
        if (!running.alive()) {
            throw Daemon.ended(command, log);
        }
        if (!came) {
            throw new Problem(
                            "lab.cloud-silent",
                            "The control plane was started and is not ready after a minute.",
                            "Its log is " + log + ".")
                    .asException();
        }
        return true;
    }

    /** Whether it runs from an older build, or was started when this machine could have no devices. */
    private boolean outdated() {
        return process().filter(p -> !processes.uses(p, installation.folder())).isPresent()
                || (deviceAddress.isPresent()
                        && processes.of(deviceAddress.get(), data).isEmpty());
    }

    private List<String> command() {
        List<String> command = new ArrayList<>(installation.command("cloud", "run", "--data", data.toString()));
        command.addAll(List.of("--listen", "127.0.0.1", "--port", Integer.toString(port)));
        command.addAll(List.of("--device-port", Integer.toString(devicePort), "--device-listen", "127.0.0.1"));
        command.addAll(List.of("--host", "localhost", "--host", "127.0.0.1"));
        deviceAddress.ifPresent(a -> command.addAll(List.of("--device-listen", a, "--host", a)));
        command.addAll(List.of("--allow-private-registries", "--plain-http-registry", plainRegistry));
        command.addAll(List.of("--first-key-file", keyFile.toString()));
        command.addAll(database);
        return command;
    }

    /** Whether it answers that it is ready. */
    public boolean ready() {
        if (!Files.exists(authority)) {
            return false;
        }
        try (HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(2))
                .sslContext(FleetApi.trusting(authority()))
                .build()) {
            HttpRequest request = HttpRequest.newBuilder(url().resolve("/readyz"))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException | ProblemException e) {
            // Not yet: its authority is being written, or nobody listens.
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem("host.interrupted", "Waiting for the control plane was interrupted.").asException(e);
        }
    }

    /** Ends it as an operator would; its data stays. */
    public void stop() {
        process().ifPresent(p -> p.stop(Duration.ofSeconds(10)));
    }

    /** Ends it as a crash would. */
    public void kill() {
        process().ifPresent(RunningProcess::kill);
    }

    @Override
    public void close() {
        stop();
    }

    /** Deletes its data and its first key. */
    void purge() {
        try {
            Folders.delete(data);
            Files.deleteIfExists(keyFile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
