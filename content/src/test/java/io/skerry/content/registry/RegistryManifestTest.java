package io.skerry.content.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.content.oci.Descriptor;
import io.skerry.content.oci.ImageReference;
import io.skerry.content.oci.Index;
import io.skerry.content.oci.MediaTypes;
import io.skerry.content.oci.Platform;
import io.skerry.spec.Architecture;
import io.skerry.spec.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How images are found and their manifests checked. */
class RegistryManifestTest extends RegistryScene {
    RegistryManifestTest(@TempDir Path temp) throws IOException {
        super(temp);
    }

    @Test
    void recomputesEveryManifestsDigest() {
        byte[] manifest = manifest("amd64");
        handlers.put("/v2/team/web/manifests/1", e -> answer(e, 200, manifest, MediaTypes.OCI_MANIFEST));
        assertThat(client().manifest(reference).digest()).isEqualTo(Digest.of(manifest));
        Digest other = Digest.of(new byte[0]);
        handlers.put("/v2/team/web/manifests/" + other, e -> answer(e, 200, manifest, MediaTypes.OCI_MANIFEST));
        refused("registry.digest-mismatch", () -> client().manifest(reference.withDigest(other)));
        handlers.put("/v2/team/web/manifests/1", e -> {
            e.getResponseHeaders().set("Docker-Content-Digest", other.value());
            answer(e, 200, manifest, MediaTypes.OCI_MANIFEST);
        });
        refused("registry.digest-mismatch", () -> client().manifest(reference));
        assertThat(client().digest(reference)).isEqualTo(other);
    }

    @Test
    void boundsManifestsAndRefusesWebPages() {
        handlers.put("/v2/team/web/manifests/1", e -> {
            e.sendResponseHeaders(200, 0);
            byte[] much = new byte[1 << 20];
            for (int i = 0; i < 6; i++) {
                e.getResponseBody().write(much);
            }
        });
        refused("registry.too-large", () -> client().manifest(reference));
        handlers.put(
                "/v2/team/web/manifests/1",
                e -> answer(e, 200, "<html>".getBytes(StandardCharsets.UTF_8), "text/html; charset=utf-8"));
        refused("registry.answer-malformed", () -> client().manifest(reference));
        handlers.put("/v2/team/web/manifests/1", e -> answer(e, 200, new byte[] {1, 2}, "text/plain"));
        refused("registry.answer-malformed", () -> client().manifest(reference));
        refused("registry.not-found", () -> client().manifest(ImageReference.parse(address() + "/team/none")));
    }

    @Test
    void findsTheImageForEachArchitecture() {
        byte[] amd64 = manifest("amd64");
        byte[] arm = manifest("arm");
        byte[] index = Index.of(List.of(
                        new Descriptor(MediaTypes.OCI_MANIFEST, Digest.of(arm), arm.length)
                                .on(new Platform("linux", "arm", "v7")),
                        new Descriptor(MediaTypes.OCI_MANIFEST, Digest.of(amd64), amd64.length)
                                .on(new Platform("linux", "amd64", ""))))
                .toJson();
        handlers.put("/v2/team/web/manifests/1", e -> answer(e, 200, index, MediaTypes.OCI_INDEX));
        for (byte[] manifest : List.of(amd64, arm)) {
            handlers.put(
                    "/v2/team/web/manifests/" + Digest.of(manifest),
                    e -> answer(e, 200, manifest, MediaTypes.OCI_MANIFEST));
        }

        assertThat(client().images(reference))
                .extracting(RemoteImage::architecture)
                .containsExactly(Architecture.AMD64, Architecture.ARMHF);
        assertThat(client().image(reference, Architecture.ARMHF).resolved().digest())
                .isEqualTo(Digest.of(arm));
        assertThat(refused("image.architecture-missing", () -> client().image(reference, Architecture.ARM64))
                        .problem()
                        .message())
                .contains("arm64")
                .contains("linux/arm/v7, linux/amd64");

        handlers.put("/v2/team/web/manifests/1", e -> answer(e, 200, amd64, MediaTypes.OCI_MANIFEST));
        assertThat(client().images(reference)).hasSize(1);
        refused("image.architecture-missing", () -> client().image(reference, Architecture.ARM64));
    }
}
