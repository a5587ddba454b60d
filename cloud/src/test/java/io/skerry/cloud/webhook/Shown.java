package io.skerry.cloud.webhook;

import java.util.Base64;

/** What a receiver makes of what its owner was shown. */
final class Shown {
    private static final String PREFIX = "whsec_";

    private Shown() {}

    static WebhookSecret secret(String shown) {
        if (!shown.startsWith(PREFIX)) {
            throw new AssertionError("a webhook's secret begins with " + PREFIX);
        }
        return WebhookSecret.of(Base64.getDecoder().decode(shown.substring(PREFIX.length())));
    }
}
