package io.skerry.cloud;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.skerry.cloud.login.ProviderSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A real OpenID provider (npm's oidc-provider) at a port of this machine. It begins when it knows where it sends browsers back to; its
 * settings are there before.
 */
final class ProviderProcess implements AutoCloseable {
    private static final Path PROGRAMS = Path.of("src/test/node");

    private final Path keys;
    private final Path authority;
    private final Path secret;
    private final int port;
    private Optional<Process> process = Optional.empty();

    ProviderProcess(Path folder) throws IOException, InterruptedException {
        assumeTrue(
                Files.exists(PROGRAMS.resolve("node_modules/oidc-provider")),
                "no Node.js packages here; './skerry test' installs them");
        keys = folder.resolve("provider.p12");
        authority = folder.resolve("provider.pem");
        secret = Files.writeString(folder.resolve("client-secret"), "a secret of tests alone\n");
        List<String> store = List.of("-alias", "a", "-keystore", keys.toString(), "-storepass", "changeit");
        keytool(store, "-genkeypair", "-keyalg", "EC", "-dname", "CN=localhost", "-ext", "san=dns:localhost");
        keytool(store, "-exportcert", "-rfc", "-file", authority.toString());
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
    }

    private static void keytool(List<String> store, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(store);
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) {
            throw new IOException(said);
        }
    }

    /** With the client's secret. */
    ProviderSettings settings() {
        return settings("skerry", Optional.of(secret), Optional.empty());
    }

    /** The same, of a control plane that browsers reach there. */
    ProviderSettings settings(URI publicUrl) {
        return settings("skerry", Optional.of(secret), Optional.of(publicUrl));
    }

    /** As a client without a secret. */
    ProviderSettings publicClient() {
        return settings("skerry-public", Optional.empty(), Optional.empty());
    }

    private ProviderSettings settings(String client, Optional<Path> secretFile, Optional<URI> publicUrl) {
        return new ProviderSettings(
                "https://localhost:" + port,
                client,
                secretFile,
                List.of("openid", "profile", "email", "groups"),
                Optional.of(authority),
                ProviderSettings.USUAL_GROUPS_CLAIM,
                false,
                Set.of("localhost"),
                ProviderSettings.USUAL_LIFE,
                publicUrl);
    }

    /** PEM by which it is known. */
    Path authority() {
        return authority;
    }

    /** Begins, and waits until it answers. */
    void start(String redirect) throws IOException {
        Process started = new ProcessBuilder(
                        "node",
                        "openid-provider.mjs",
                        String.valueOf(port),
                        keys.toAbsolutePath().toString(),
                        redirect)
                .directory(PROGRAMS.toFile())
                .redirectErrorStream(true)
                .start();
        process = Optional.of(started);
        var out = new BufferedReader(new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8));
        var said = new StringBuilder();
        for (String line = out.readLine(); !"ready".equals(line); line = out.readLine()) {
            if (line == null) {
                throw new IOException("the provider didn't start: " + said);
            }
            said.append(line).append('\n');
        }
        // What it says later is of no interest, but it must not wait for a reader.
        Thread.startVirtualThread(() -> out.lines().forEach(line -> {}));
    }

    @Override
    public void close() throws IOException {
        if (process.isPresent()) {
            process.get().getOutputStream().close();
            try {
                if (process.get().waitFor(5, TimeUnit.SECONDS)) {
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            process.get().destroyForcibly();
        }
    }
}
