package io.skerry.cloud;

import io.skerry.cloud.login.ProviderSettings;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The program's arguments about the OpenID provider by which people log in. */
final class LoginOptions {
    static final String USAGE = """
              --oidc-issuer URL          the OpenID provider by which people log in, as it calls itself
              --oidc-client-id ID        by which it knows this control plane; its redirect URI is <public-url>/login/callback
              --oidc-client-secret-file F where the secret stands that goes with it (default: a public client)
              --oidc-scopes WORDS        what it is asked for (default "openid profile email")
              --oidc-ca-file FILE        PEM of an authority that vouches for it, besides the system's
              --oidc-groups-claim NAME   the claim that has a person's groups (default groups)
              --oidc-trust-email         e-mail addresses count of which it doesn't say whether they are verified
              --oidc-private-host HOST   a host of its that may have a private or loopback address; repeatable
              --login-hours N            how long a login is good for (default 12; up to 168)
              --public-url URL           where browsers reach this control plane (default: https://, the first --host, the port)
            """;

    private Optional<String> issuer = Optional.empty();
    private Optional<String> clientId = Optional.empty();
    private Optional<Path> clientSecretFile = Optional.empty();
    private List<String> scopes = ProviderSettings.USUAL_SCOPES;
    private Optional<Path> authorityFile = Optional.empty();
    private String groupsClaim = ProviderSettings.USUAL_GROUPS_CLAIM;
    private boolean emailTrusted;
    private final Set<String> privateHosts = new LinkedHashSet<>();
    private Duration life = ProviderSettings.USUAL_LIFE;
    private Optional<URI> publicUrl = Optional.empty();
    /** One that makes no sense without a provider. */
    private Optional<String> given = Optional.empty();

    /** Whether it is one of these. */
    boolean take(String option, Iterator<String> rest) {
        switch (option) {
            case "--oidc-issuer" -> issuer = Optional.of(CommandLine.value(option, rest));
            case "--oidc-client-id" -> clientId = Optional.of(CommandLine.value(option, rest));
            case "--oidc-client-secret-file" -> clientSecretFile = Optional.of(CommandLine.path(option, rest));
            case "--oidc-scopes" ->
                scopes = List.of(CommandLine.value(option, rest).strip().split("\\s+"));
            case "--oidc-ca-file" -> authorityFile = Optional.of(CommandLine.path(option, rest));
            case "--oidc-groups-claim" -> groupsClaim = CommandLine.value(option, rest);
            case "--oidc-trust-email" -> emailTrusted = true;
            case "--oidc-private-host" -> privateHosts.add(CommandLine.value(option, rest));
            case "--login-hours" -> life = hours(CommandLine.value(option, rest));
            case "--public-url" -> publicUrl = Optional.of(url(CommandLine.value(option, rest)));
            default -> {
                return false;
            }
        }
        if (!option.equals("--oidc-issuer")) {
            given = Optional.of(option);
        }
        return true;
    }

    /** @throws ProblemException {@code usage} */
    Optional<ProviderSettings> settings() {
        if (issuer.isEmpty()) {
            given.ifPresent(option -> {
                throw CommandLine.usage(option + " needs --oidc-issuer.");
            });
            return Optional.empty();
        }
        String client = clientId.orElseThrow(() -> CommandLine.usage("--oidc-issuer needs --oidc-client-id."));
        try {
            return Optional.of(new ProviderSettings(
                    issuer.get(),
                    client,
                    clientSecretFile,
                    scopes,
                    authorityFile,
                    groupsClaim,
                    emailTrusted,
                    privateHosts,
                    life,
                    publicUrl));
        } catch (ProblemException e) {
            throw new Problem("usage", e.problem().message(), e.problem().remedy()).asException(e);
        }
    }

    private static Duration hours(String text) {
        if (!text.matches("\\d{1,4}")) {
            throw CommandLine.usage("--login-hours must be a number, not '" + Text.shortened(text, 40) + "'.");
        }
        return Duration.ofHours(Long.parseLong(text));
    }

    private static URI url(String text) {
        try {
            return new URI(text.replaceFirst("/$", ""));
        } catch (URISyntaxException e) {
            throw CommandLine.usage("--public-url isn't an address: '" + Text.shortened(text, 80) + "'.");
        }
    }
}
