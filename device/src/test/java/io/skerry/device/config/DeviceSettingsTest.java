package io.skerry.device.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceSettingsTest {
    @TempDir
    Path data;

    @Test
    void everythingHasADefault() {
        var settings = DeviceSettings.read(data);

        assertThat(settings.cloud()).isEmpty();
        assertThat(settings.pollWait()).isEqualTo(Duration.ofMinutes(5));
        assertThat(settings.cgroupScope()).isEqualTo("device");
    }

    @Test
    void readsWhatIsWritten() throws IOException {
        Files.writeString(
                data.resolve("device.json"),
                "{\"cloud\":\"https://cloud.example:7444/\",\"cgroup_scope\":\"two\",\"poll_wait_seconds\":60}");

        var settings = DeviceSettings.read(data);

        assertThat(settings.cloud()).contains(URI.create("https://cloud.example:7444"));
        assertThat(settings.cgroupScope()).isEqualTo("two");
        assertThat(settings.pollWait()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void watchdogIsUsedOnlyWhenItIsNamed() throws IOException {
        assertThat(DeviceSettings.read(data).watchdogDevice()).isEmpty();
        Files.writeString(data.resolve("device.json"), "{\"watchdog_device\":\"/dev/watchdog0\"}");

        var settings = DeviceSettings.read(data);

        assertThat(settings.watchdogDevice()).contains(Path.of("/dev/watchdog0"));
        assertThat(settings.watchdogLimit()).isEqualTo(Duration.ofMinutes(1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"cgroup_scope\":\"../up\"}|cgroup_scope",
                "{\"poll_wait_seconds\":0}|poll_wait_seconds",
                "{\"log_bytes\":1}|log_bytes",
                "{\"log_format\":\"xml\"}|log_format",
                "{\"cloud\":\"http://cloud.example\"}|cloud",
                "{\"watchdog_device\":\"watchdog\"}|watchdog_device",
                "{\"watchdog_device\":\"/dev/watchdog\",\"watchdog_seconds\":5}|watchdog_seconds",
                "{\"watchdog_seconds\":60}|watchdog_seconds",
                "{\"pol_wait\":5}|pol_wait"
            })
    void wrongValueIsRefusedByTheNameOfItsKey(String json, String key) throws IOException {
        Files.writeString(data.resolve("device.json"), json);

        assertThatThrownBy(() -> DeviceSettings.read(data))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().message()).contains(key));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ftp://a", "https://", "https://a/path", "https://user@a", "https://a?q", "not an address", "a:1"
            })
    void addressOfACloudIsHttpsAHostAndAPort(String address) {
        assertThatThrownBy(() -> DeviceSettings.cloudAddress("--cloud", address))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("--cloud");
    }
}
