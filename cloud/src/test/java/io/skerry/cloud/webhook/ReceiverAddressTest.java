package io.skerry.cloud.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.spec.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceiverAddressTest {
    @Test
    void httpsWillDoAndHttpWhereItMay() {
        assertThat(ReceiverAddress.parse("https://r.example:8443/a?b=c", false)).hasPort(8443);
        assertThat(ReceiverAddress.parse("HTTPS://r.example", false)).hasHost("r.example");
        assertThat(ReceiverAddress.parse("http://10.0.0.1/a", true)).hasHost("10.0.0.1");
        refused("http://r.example/", "webhook.url-plain");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "receiver",
                "/path",
                "ftp://r.example/",
                "file:///etc/passwd",
                "https://",
                "https:///a",
                "https:r.example",
                "https://user:word@r.example/",
                "https://r.example/#part",
                "https://r.example:0/",
                "https://r.example:70000/",
                "https://r_x y.example/",
                "https://r.example/\r\nhost: other",
                "javascript:alert(1)"
            })
    void whatIsNoReceiversAddressIsRefused(String text) {
        refused(text, "webhook.url-malformed");
    }

    @Test
    void whatIsTooLongIsRefused() {
        refused("https://r.example/" + "a".repeat(2048), "webhook.url-malformed");
    }

    @Test
    void onlyItsBeginningIsForAll() {
        assertThat(ReceiverAddress.origin(ReceiverAddress.parse("https://r.example:8443/hush?key=hush", false)))
                .isEqualTo("https://r.example:8443");
    }

    private static void refused(String text, String code) {
        assertThatThrownBy(() -> ReceiverAddress.parse(text, false))
                .as(text)
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.code()).isEqualTo(code);
                    assertThat(e.problem().message()).doesNotContain("hush");
                });
    }
}
