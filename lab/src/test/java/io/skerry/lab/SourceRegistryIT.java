package io.skerry.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.skerry.lab.host.HostTools;
import io.skerry.lab.host.Ports;
import io.skerry.spec.Architecture;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceRegistryIT {
    @TempDir
    Path folder;

    @BeforeEach
    void needsPrograms() {
        for (String program : new String[] {"/usr/bin/docker-registry", "/usr/bin/skopeo", "/usr/bin/htpasswd"}) {
            assumeTrue(Files.isExecutable(Path.of(program)), program + " is not installed");
        }
    }

    @Test
    void servesWhatWasPushedToThoseWithThePassword() throws Exception {
        try (SourceRegistry registry = new SourceRegistry(new HostTools(), folder, Ports.free(0))) {
            registry.start();
            String reference = registry.push(new SampleImage(1, Breakage.NONE), "hello", Architecture.AMD64);
            assertThat(reference).isEqualTo(registry.host() + "/hello:1");
            assertThat(status(registry, registry.password())).isEqualTo(200);
            assertThat(status(registry, "wrong")).isEqualTo(401);
        }
    }

    @Test
    void vanishesWhenStoppedAndKeepsItsImages() throws Exception {
        try (SourceRegistry registry = new SourceRegistry(new HostTools(), folder, Ports.free(0))) {
            registry.start();
            registry.push(new SampleImage(1, Breakage.NONE), "hello", Architecture.AMD64);
            registry.stop();
            assertThat(registry.running()).isFalse();
            registry.start();
            registry.start();
            assertThat(status(registry, registry.password())).isEqualTo(200);
        }
    }

    @Test
    void itsPasswordIsInNoArgumentAndOnlyItsOwnerReadsIt() throws IOException {
        try (SourceRegistry registry = new SourceRegistry(new HostTools(), folder, Ports.free(0))) {
            registry.start();
            assertThat(registry.running()).isTrue();
            assertThat(Files.getPosixFilePermissions(registry.passwordFile()))
                    .extracting(Enum::name)
                    .containsExactlyInAnyOrder("OWNER_READ", "OWNER_WRITE");
        }
    }

    private static int status(SourceRegistry registry, String password) throws IOException, InterruptedException {
        String basic = Base64.getEncoder()
                .encodeToString((SourceRegistry.USER + ":" + password).getBytes(StandardCharsets.UTF_8));
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://" + registry.host() + "/v2/hello/manifests/1"))
                    .header("authorization", "Basic " + basic)
                    .header("accept", "application/vnd.oci.image.manifest.v1+json")
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }
}
