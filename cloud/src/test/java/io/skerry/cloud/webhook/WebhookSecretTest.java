package io.skerry.cloud.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WebhookSecretTest {
    /** From the Standard Webhooks libraries' own tests. */
    @Test
    void signsAsTheSpecificationsVectorSays() {
        WebhookSecret secret = Shown.secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

        assertThat(secret.signature(
                        "msg_p5jXN8AQM9LWM0D4loKWxJek",
                        1614265330,
                        "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    /** Held against another program. */
    @Test
    void signsBytesThatAreNoText() {
        byte[] body = {0, (byte) 0xff, 10};
        WebhookSecret secret = WebhookSecret.of("Jefe".getBytes(StandardCharsets.US_ASCII));

        // printf '1.2.\000\377\n' | openssl dgst -sha256 -hmac Jefe -binary | base64
        assertThat(secret.signature("1", 2, body)).isEqualTo("v1,p4Sd2zuaJ/pIF1g5ms4QIexkyyx8r68zVdUWtxbmA74=");
    }

    @Test
    void isShownAsTheSpecificationSaysAndNeverBesides() {
        WebhookSecret secret = WebhookSecret.make(new Random(1));

        assertThat(secret.shown()).startsWith("whsec_");
        assertThat(Base64.getDecoder().decode(secret.shown().substring(6))).hasSize(32);
        assertThat(secret.toString()).doesNotContain(secret.shown().substring(6));
        assertThat(Shown.secret(secret.shown()).bytes()).isEqualTo(secret.bytes());
    }
}
