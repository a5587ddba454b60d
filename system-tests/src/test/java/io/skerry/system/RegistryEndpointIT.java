package io.skerry.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.lab.Breakage;
import io.skerry.lab.Lab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Debian's skopeo reads the cloud's registry endpoint, as an operator and as a device. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RegistryEndpointIT {
    private Fleet fleet;

    @BeforeAll
    void startFleet() {
        Assumptions.assumeTrue(Lab.missing().isEmpty(), Lab.missing());
        fleet = new Fleet("registry");
    }

    @AfterAll
    void endFleet() {
        if (fleet != null) {
            fleet.close();
        }
    }

    @Test
    void operatorPullsEachVersionByItsTag(@TempDir Path folder) throws IOException {
        fleet.importVersion("kept", 1, Breakage.NONE);
        fleet.importVersion("kept", 2, Breakage.NONE);

        for (String tag : List.of("1", "2", "latest")) {
            Shell.Result pulled = skopeo(
                    folder,
                    "copy",
                    "--src-authfile=" + login(folder),
                    image("kept", tag),
                    "oci:" + folder + "/out:" + tag);
            assertThat(pulled.code()).as(pulled.err()).isZero();
        }
        assertThat(folder.resolve("out/index.json")).content().contains("\"latest\"");
    }

    @Test
    void nobodyPullsWithoutAKey(@TempDir Path folder) {
        fleet.importVersion("closed", 1, Breakage.NONE);

        Shell.Result refused = skopeo(folder, "inspect", "--no-creds", image("closed", "1"));

        assertThat(refused.code()).isNotZero();
        assertThat(refused.err()).containsIgnoringCase("unauthorized");
    }

    @Test
    void deviceReadsItsOwnImagesAndNoOthers(@TempDir Path folder) throws IOException {
        String mine = fleet.importVersion("mine", 1, Breakage.NONE);
        fleet.importVersion("notmine", 1, Breakage.EXITS);
        String instance = fleet.api().addInstance(mine, fleet.node(fleet.device(0)));
        fleet.awaitHealthy(instance, 1);
        Path certificates = Files.createDirectory(folder.resolve("certs"));
        Path identity = fleet.device(0).data().resolve("identity");
        Files.copy(identity.resolve("key.pem"), certificates.resolve("client.key"));
        Files.copy(identity.resolve("certificate.pem"), certificates.resolve("client.cert"));

        Shell.Result own = asDevice(folder, certificates, "mine");
        Shell.Result others = asDevice(folder, certificates, "notmine");

        assertThat(own.code()).as(own.err()).isZero();
        assertThat(others.code()).isNotZero();
    }

    private Shell.Result asDevice(Path folder, Path certificates, String service) {
        String manifest = fleet.api()
                .execute(
                        "query($s: ID!) { DM_get_node_service(node_service_id: $s) { versions { versions { images { digest } } } } }",
                        Map.of(
                                "s",
                                fleet.api().service(fleet.customer(), service).orElseThrow()))
                .in("DM_get_node_service")
                .in("versions")
                .list("versions")
                .getFirst()
                .list("images")
                .getFirst()
                .required("digest");
        return skopeo(
                folder,
                "copy",
                "--src-no-creds",
                "--src-cert-dir=" + certificates,
                "docker://" + fleet.lab().cloud().deviceUrl().getAuthority() + "/" + fleet.customer() + "/" + service
                        + "@" + manifest,
                "oci:" + folder + "/" + service);
    }

    private String image(String service, String tag) {
        return "docker://" + fleet.lab().cloud().url().getAuthority() + "/" + fleet.customer() + "/" + service + ":"
                + tag;
    }

    /** As skopeo wants it: the key stands in a file, never among arguments. */
    private Path login(Path folder) throws IOException {
        String token = java.util.Base64.getEncoder()
                .encodeToString(("any:" + fleet.lab().cloud().key()).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return Files.writeString(
                folder.resolve("auth.json"),
                "{\"auths\":{\"" + fleet.lab().cloud().url().getAuthority() + "\":{\"auth\":\"" + token + "\"}}}");
    }

    private Shell.Result skopeo(Path folder, String verb, String... arguments) {
        List<String> command = new java.util.ArrayList<>(List.of("skopeo", "--insecure-policy", verb));
        command.add(verb.equals("copy") ? "--src-tls-verify=false" : "--tls-verify=false");
        command.addAll(List.of(arguments));
        return Shell.run(Map.of("XDG_RUNTIME_DIR", folder.toString()), command);
    }
}
