package io.skerry.content.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.skerry.spec.Architecture;
import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ManifestTest {
    private static final String D = "sha256:" + "b5".repeat(32);
    private static final String E = "sha256:" + "e6".repeat(32);

    /** From the OCI image specification's example. */
    private static final String OCI = """
            {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
             "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": "%s", "size": 7023},
             "layers": [
              {"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "digest": "%s", "size": 32654},
              {"mediaType": "application/vnd.oci.image.layer.v1.tar+zstd", "digest": "%s", "size": 16724}],
             "subject": {"mediaType": "x", "digest": "%s", "size": 1}, "annotations": {"a": "b"}}
            """.formatted(D, D, E, D);

    @Test
    void readsAnOciManifest() {
        Manifest manifest = Manifest.parse(bytes(OCI), MediaTypes.OCI_MANIFEST);

        assertThat(manifest.config()).isEqualTo(new Descriptor(MediaTypes.OCI_CONFIG, new Digest(D), 7023));
        assertThat(manifest.layers()).extracting(Descriptor::size).containsExactly(32654L, 16724L);
        assertThat(manifest.compressedBytes()).isEqualTo(7023 + 32654 + 16724);
    }

    @Test
    void readsADockerManifest() {
        String docker = """
                {"schemaVersion": 2, "mediaType": "%s", "config": {"mediaType": "%s", "size": 1, "digest": "%s"},
                 "layers": [{"mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip", "size": 2, "digest": "%s"}]}
                """.formatted(MediaTypes.DOCKER_MANIFEST, MediaTypes.DOCKER_CONFIG, D, E);

        assertThat(Manifest.parse(bytes(docker), MediaTypes.DOCKER_MANIFEST).layers())
                .extracting(Descriptor::digest)
                .containsExactly(new Digest(E));
    }

    @Test
    void refusesWithWordsWhatIsNoImage() {
        refused(OCI.replace("image.layer.v1.tar+gzip", "image.layer.nondistributable.v1.tar+gzip"), "don't keep");
        refused(OCI.replace("image.layer.v1.tar+gzip", "image.layer.v1.tar+gzip+encrypted"), "encrypted");
        refused(OCI.replace("image.config.v1+json", "helm.config"), "not an image");
        refused(OCI.replace("vnd.oci.image.layer.v1.tar+gzip", "wasm"), "a layer of type 'application/wasm'");
        refused(OCI.replace("\"schemaVersion\": 2", "\"schemaVersion\": 1"), "schema 1");
        refused(OCI.replace("\"schemaVersion\": 2", "\"schemaVersion\": 3"), "schema version 3");
        refused(OCI.replace("\"size\": 7023", "\"size\": -1"), "config.size' is negative");
        refused(OCI.replace("\"size\": 7023", "\"size\": 1.5"), "not a whole number");
        refused(OCI.replace("\"size\": 7023", "\"size\": \"7\""), "not a whole number");
        refused(OCI.replace(E, "sha512:abc"), "layers[1].digest' is not a SHA-256 digest");
        refused(OCI.replace("\"layers\"", "\"leyers\""), "'layers' is missing");
        refused(OCI.replace("image.manifest.v1+json", "image.index.v1+json"), "it calls itself");
        refused("[1]", "not a JSON object");
        refused("{\"schemaVersion\": 2,", "not JSON");
        refused("{\"a\":" + "[".repeat(100_000), "nested deeper");
        refused("{\"a\":[" + "1,".repeat(200_000), "more than 100000 values");
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(
                        () -> Manifest.parse(bytes("{}"), "application/vnd.docker.distribution.manifest.v1+prettyjws"))
                .withMessageContaining("schema 1");
    }

    @Test
    void choosesWhatRunsBestOnAnArchitecture() {
        Descriptor v5 = image("5", "linux", "arm", "v5");
        Descriptor v6 = image("6", "linux", "arm", "v6");
        Descriptor v7 = image("7", "linux", "arm", "v7");
        Descriptor v8 = image("8", "linux", "arm", "v8");
        Descriptor arm = image("a", "linux", "arm", "");
        Descriptor arm64 = image("b", "linux", "arm64", "");
        Descriptor amd64 = image("c", "linux", "amd64", "");
        Descriptor windows = image("d", "windows", "amd64", "");
        Descriptor attestation = image("e", "unknown", "unknown", "");

        assertThat(chosen(Architecture.ARMHF, arm, v5, v6, v7, v8)).contains(v7);
        assertThat(chosen(Architecture.ARMHF, arm, v5, v6, v8)).contains(v6);
        assertThat(chosen(Architecture.ARMHF, arm, v5)).contains(v5);
        assertThat(chosen(Architecture.ARMHF, arm64, arm)).contains(arm);
        assertThat(chosen(Architecture.ARMHF, v8, arm64, amd64)).isEmpty();
        assertThat(chosen(Architecture.AMD64, windows, attestation, amd64)).contains(amd64);
        assertThat(chosen(Architecture.AMD64, windows, attestation)).isEmpty();
        assertThat(chosen(Architecture.ARM64, arm64, image("f", "linux", "arm64", "v8"))
                        .map(d -> d.platform().orElseThrow().variant()))
                .contains("v8");
        assertThat(Index.of(List.of(v7, attestation, amd64)).platforms()).isEqualTo("linux/arm/v7, linux/amd64");
    }

    @Test
    void writesAnIndexThatItReadsAgain() {
        Index index = Index.of(List.of(image("1", "linux", "arm", "v7"), image("2", "linux", "amd64", "")));

        assertThat(Index.parse(index.toJson(), MediaTypes.OCI_INDEX)).isEqualTo(index);
        assertThat(index.toJson()).isEqualTo(Index.of(index.manifests()).toJson());
        assertThat(new String(index.toJson(), StandardCharsets.UTF_8))
                .startsWith("{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_INDEX + "\",\"manifests\":[{");
    }

    @FuzzTest(maxDuration = "10s")
    void survivesAnything(byte[] bytes) {
        for (String type : List.of(MediaTypes.OCI_MANIFEST, MediaTypes.OCI_INDEX)) {
            try {
                if (MediaTypes.isIndex(type)) {
                    Index index = Index.parse(bytes, type);
                    assertThat(Index.parse(index.toJson(), type)).isEqualTo(index);
                } else {
                    Manifest.parse(bytes, type);
                }
            } catch (ProblemException refused) {
                assertThat(refused.code()).startsWith("manifest.");
            }
        }
    }

    private static Optional<Descriptor> chosen(Architecture architecture, Descriptor... images) {
        return Index.of(List.of(images)).forArchitecture(architecture);
    }

    private static Descriptor image(String content, String os, String architecture, String variant) {
        return new Descriptor(MediaTypes.OCI_MANIFEST, Digest.of(bytes(content)), 10)
                .on(new Platform(os, architecture, variant));
    }

    private static void refused(String json, String why) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> Manifest.parse(bytes(json), MediaTypes.OCI_MANIFEST))
                .withMessageStartingWith("manifest.")
                .withMessageContaining(why);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
