package io.skerry.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.content.files.DurableFiles;
import io.skerry.content.signing.SigningKey;
import io.skerry.content.tls.CertificateSigningRequest;
import io.skerry.content.tls.Pem;
import io.skerry.content.tls.TlsKeys;
import io.skerry.device.config.DeviceSettings;
import io.skerry.device.identity.TrustedTime;
import io.skerry.spec.ProblemException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloudSideTest {
    @TempDir
    Path data;

    private Path folder;
    private TrustedTime time;

    @BeforeEach
    void enrolled() throws Exception {
        time = TrustedTime.open(data, InstantSource.system(), System::nanoTime);
        TestAuthority authority = new TestAuthority(data.resolve("ca"), "cloud");
        KeyPair key = TlsKeys.generate();
        folder = Files.createDirectories(data.resolve("identity"));
        Files.writeString(folder.resolve("key.pem"), Pem.write(key.getPrivate()));
        Files.writeString(
                folder.resolve("certificate.pem"),
                authority.device(CertificateSigningRequest.create(key.getPrivate(), key.getPublic(), "node1")));
        Files.writeString(folder.resolve("authority.pem"), Pem.write(List.of(authority.certificate())));
        Files.writeString(folder.resolve("membership.json"), """
                {"customer":"c","node":"node1","name":"kitchen","root":"%s","cloud":"https://cloud.example:7444"}""".formatted(
                        SigningKey.generate().verifyingKey().encoded()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"key.pem", "certificate.pem", "authority.pem", "membership.json"})
    void anyFileThatIsSpoiltIsTold(String name) throws Exception {
        Path file = folder.resolve(name);
        String whole = Files.readString(file);
        for (String spoilt : List.of("", whole.substring(0, whole.length() / 2), "\0".repeat(whole.length()))) {
            Files.writeString(file, spoilt);
            assertSpoilt();
        }
        Files.delete(file);
        Files.createSymbolicLink(file, Path.of("/proc/self/mem"));
        assertSpoilt();

        Files.delete(file);
        Files.writeString(file, whole);
        assertThat(read()).isInstanceOf(CloudSide.Linked.class);
    }

    @Test
    void aMembershipInWhichALetterIsAnotherIsTold() throws Exception {
        Path file = folder.resolve("membership.json");
        String whole = Files.readString(file);
        Map<String, String> damages =
                Map.of("\"root\":\"M", "\"root\":\"~", "https://", "httqs://", "\"node\"", "\"nofe\"");
        damages.forEach((good, bad) -> {
            assertThat(whole).contains(good);
            DurableFiles.write(file, whole.replace(good, bad).getBytes(StandardCharsets.UTF_8), 0600);
            assertSpoilt();
        });
    }

    @Test
    void withoutAMembershipTheDeviceIsNotEnrolled() throws Exception {
        Files.delete(folder.resolve("membership.json"));

        assertThatThrownBy(() -> CloudSide.reading(DeviceSettings.read(data), time))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo("device.not-enrolled"));
    }

    @Test
    void aMembershipThatIsALinkToNowhereIsSpoiltNotAbsent() throws Exception {
        Path file = folder.resolve("membership.json");
        Files.delete(file);
        Files.createSymbolicLink(file, folder.resolve("nowhere"));

        assertThat(CloudSide.reading(DeviceSettings.read(data), time).get()).isInstanceOf(CloudSide.Unlinked.class);
        assertThat(CloudSide.isReadable(DeviceSettings.read(data))).isFalse();
    }

    @Test
    void whatCanBeReadAgainIsNoticed() {
        assertThat(CloudSide.isReadable(DeviceSettings.read(data))).isTrue();
    }

    private void assertSpoilt() {
        assertThat(read()).isInstanceOfSatisfying(CloudSide.Unlinked.class, spoilt -> {
            assertThat(spoilt.problem().code()).isEqualTo("identity.unreadable");
            assertThat(spoilt.problem().remedy()).contains(folder.toString());
        });
    }

    private CloudSide read() {
        return CloudSide.read(DeviceSettings.read(data), time);
    }
}
