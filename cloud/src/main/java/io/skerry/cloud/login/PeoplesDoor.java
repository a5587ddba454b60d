package io.skerry.cloud.login;

import io.skerry.cloud.config.SealingKeys;
import io.skerry.cloud.egress.EgressPolicy;
import io.skerry.cloud.egress.EgressTransport;
import io.skerry.cloud.egress.TrustedAuthorities;
import io.skerry.cloud.storage.Storage;
import io.skerry.cloud.tenancy.ApiKeys;
import io.skerry.cloud.web.HttpProblem;
import io.skerry.cloud.web.Route;
import io.skerry.spec.Problem;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/** Logging in, put together, with a way out to the provider of its own: what customers may have called doesn't decide over it. */
public final class PeoplesDoor implements AutoCloseable {
    private final EgressTransport egress;
    private final LoginDoor door;

    /**
     * @param usualUrl where browsers reach the control plane, unless the settings say it
     * @throws io.skerry.spec.ProblemException {@code login.secret-unreadable}, {@code registry-ca.malformed}
     */
    public PeoplesDoor(
            ProviderSettings settings,
            Supplier<URI> usualUrl,
            Storage storage,
            ApiKeys keys,
            SealingKeys sealing,
            InstantSource time,
            SecureRandom random) {
        // Told when the control plane starts, not to whoever logs in first.
        settings.clientSecret();
        egress = new EgressTransport(
                new EgressPolicy(false, settings.privateHosts(), ProviderSettings.PRIVATE_SETTING),
                settings.authorityFile().map(TrustedAuthorities::systemAndFile).orElseGet(TrustedAuthorities::system));
        door = new LoginDoor(
                new OpenIdProvider(settings, egress, time),
                new Logins(storage, time, keys, settings.loginLife()),
                new LoginCodes(storage, time, random),
                keys,
                sealing.apart("pending logins"),
                () -> settings.publicUrl().orElseGet(usualUrl),
                time,
                random);
    }

    public List<Route> routes() {
        return door.routes();
    }

    /** What is there where nobody can log in: words that say so, and the end of logins from before. */
    public static List<Route> closed(ApiKeys keys) {
        return List.of(
                new Route("/login", List.of("GET"), (request, response, callback) -> {
                    throw new HttpProblem(
                            404,
                            new Problem(
                                    "login.not-configured",
                                    "This control plane knows no OpenID provider, so people can't log in to it.",
                                    "Use an API key, or have it started with --oidc-issuer."));
                }),
                new Route(
                        "/logout",
                        List.of("POST"),
                        (request, response, callback) -> LoginDoor.logOut(keys, request, response, callback)));
    }

    @Override
    public void close() {
        egress.close();
    }
}
