package io.skerry.cloud.login;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The OpenID provider that says who people are.
 *
 * @param issuer its name, an https address, to the character; plain http is for one on this very machine
 * @param clientId by which it knows this control plane
 * @param clientSecretFile where the secret stands that goes with it, on one line, read anew for each login; empty: a public client
 * @param scopes what it is asked for, "openid" among them
 * @param authorityFile PEM of the authorities that vouch for it, besides those of the Java platform
 * @param groupsClaim the claim that has a person's groups; with dots between them, a claim within others
 * @param emailTrusted whether an e-mail address counts of which it doesn't say whether it is verified
 * @param privateHosts its hosts that may have private or loopback addresses
 * @param loginLife how long a login is good for
 * @param publicUrl where browsers reach the control plane, without a path; empty: its first host and the operators' port
 */
public record ProviderSettings(
        String issuer,
        String clientId,
        Optional<Path> clientSecretFile,
        List<String> scopes,
        Optional<Path> authorityFile,
        String groupsClaim,
        boolean emailTrusted,
        Set<String> privateHosts,
        Duration loginLife,
        Optional<URI> publicUrl) {
    public static final List<String> USUAL_SCOPES = List.of("openid", "profile", "email");
    public static final String USUAL_GROUPS_CLAIM = "groups";
    public static final Duration USUAL_LIFE = Duration.ofHours(12);
    static final Duration LONGEST_LIFE = Duration.ofDays(7);
    /** The option of the cloud's command line that allows private addresses. */
    static final String PRIVATE_SETTING = "--oidc-private-host";

    private static final int LONGEST_SECRET = 1024;
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    /** @throws ProblemException {@code login.setting} for what can't be */
    public ProviderSettings {
        scopes = List.copyOf(scopes);
        privateHosts = Set.copyOf(privateHosts);
        URI uri = address("The OpenID provider's issuer", issuer);
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw wrong(
                    "The OpenID provider's issuer '" + Text.shortened(issuer, 120) + "' has a query or a fragment.");
        }
        if (clientId.isBlank() || clientId.length() > 200) {
            throw wrong("The client id must have 1 to 200 characters.");
        }
        if (!scopes.contains("openid") || scopes.stream().anyMatch(s -> !s.matches("[!#-\\[\\]-~]{1,100}"))) {
            throw wrong("The scopes must be words without spaces, with openid among them.");
        }
        if (groupsClaim.isBlank() || groupsClaim.length() > 200) {
            throw wrong("The name of the groups' claim must have 1 to 200 characters.");
        }
        if (loginLife.compareTo(Duration.ofHours(1)) < 0 || loginLife.compareTo(LONGEST_LIFE) > 0) {
            throw wrong("A login can be good for 1 to " + LONGEST_LIFE.toHours() + " hours.");
        }
        publicUrl.ifPresent(ProviderSettings::checkPublic);
    }

    private static void checkPublic(URI url) {
        address("The public address", url.toString());
        if (!url.getScheme().equalsIgnoreCase("https")
                || !String.valueOf(url.getRawPath()).isEmpty()
                || url.getRawQuery() != null
                || url.getRawFragment() != null) {
            throw wrong("The public address must be https://HOST or https://HOST:PORT and nothing more.");
        }
    }

    private static URI address(String what, String text) {
        try {
            URI uri = new URI(text);
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            if (uri.getHost() == null || uri.getRawUserInfo() != null) {
                throw wrong(what + " '" + Text.shortened(text, 120) + "' isn't an address like https://login.example.");
            }
            if (!scheme.equals("https") && !(scheme.equals("http") && LOOPBACK.contains(uri.getHost()))) {
                throw wrong(what + " '" + Text.shortened(text, 120) + "' doesn't begin with https://.");
            }
            return uri;
        } catch (URISyntaxException e) {
            throw wrong(what + " '" + Text.shortened(text, 120) + "' isn't an address like https://login.example.");
        }
    }

    private static ProblemException wrong(String why) {
        return new Problem("login.setting", why, "See 'skerry cloud --help'.").asException();
    }

    /** Where it describes itself. */
    URI discovery() {
        return URI.create(issuer.replaceFirst("/+$", "") + "/.well-known/openid-configuration");
    }

    /** Whether it may be spoken to at this address: by TLS, or as its issuer is. */
    boolean mayBeAt(URI uri) {
        return "https".equalsIgnoreCase(uri.getScheme())
                || (issuer.startsWith("http://")
                        && "http".equalsIgnoreCase(uri.getScheme())
                        && LOOPBACK.contains(String.valueOf(uri.getHost())));
    }

    /**
     * The client's secret, as it is in the file now.
     *
     * @throws ProblemException {@code login.secret-unreadable}
     */
    public Optional<String> clientSecret() {
        return clientSecretFile.map(file -> {
            try {
                String secret = Files.size(file) > LONGEST_SECRET
                        ? ""
                        : Files.readString(file).strip();
                if (!secret.isEmpty() && secret.lines().count() == 1) {
                    return secret;
                }
            } catch (IOException _) {
                // Said below, without what stands in the file.
            }
            throw new Problem(
                            "login.secret-unreadable",
                            "The OpenID client's secret can't be read from " + file + ".",
                            "Have the control plane's user read it: one line of at most " + LONGEST_SECRET + " bytes.")
                    .asException();
        });
    }
}
