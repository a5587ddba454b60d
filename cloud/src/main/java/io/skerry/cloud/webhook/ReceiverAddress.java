package io.skerry.cloud.webhook;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import java.net.URI;
import java.net.URISyntaxException;

/** Where a webhook's messages may go. */
final class ReceiverAddress {
    private static final int LONGEST = 2048;
    private static final int HIGHEST_PORT = 65_535;

    private ReceiverAddress() {}

    /**
     * The address that this text is.
     *
     * @param plainAllowed whether http will do
     * @throws ProblemException {@code webhook.url-malformed}, {@code webhook.url-plain}
     */
    static URI parse(String text, boolean plainAllowed) {
        URI uri = uri(text);
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(java.util.Locale.ROOT);
        if (scheme.equals("http") && !plainAllowed) {
            throw new Problem(
                            "webhook.url-plain",
                            "A webhook can't be called without TLS here.",
                            "Give an address that begins with https://.")
                    .asException();
        }
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw malformed("it doesn't begin with https://");
        }
        if (uri.getHost() == null || uri.getHost().isEmpty()) {
            throw malformed("it names no host");
        }
        if (uri.getRawUserInfo() != null) {
            throw malformed("it has a user's name in it");
        }
        if (uri.getRawFragment() != null) {
            throw malformed("it has a fragment (#…)");
        }
        if (uri.getPort() == 0 || uri.getPort() > HIGHEST_PORT) {
            throw malformed("its port isn't one");
        }
        return uri;
    }

    private static URI uri(String text) {
        if (text.length() > LONGEST) {
            throw malformed("it is longer than " + LONGEST + " characters");
        }
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            // Without what was given, for an address may have a secret in it.
            throw malformed(Text.shortened(e.getReason(), 80));
        }
    }

    private static ProblemException malformed(String why) {
        return new Problem(
                        "webhook.url-malformed",
                        "A webhook can't be called at this address: " + why + ".",
                        "Give an address like https://receiver.example/skerry; keep secrets out of it.")
                .asException();
    }

    /** Its scheme, host and port: all that may be told to whoever may not see the rest, which may be a secret. */
    static String origin(URI uri) {
        return uri.getScheme() + "://" + uri.getRawAuthority();
    }
}
