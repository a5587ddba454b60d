package io.skerry.cloud.login;

import io.avaje.jsonb.Json;
import io.skerry.cloud.config.SealingKeys;
import io.skerry.cloud.tenancy.ApiKeys;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.cloud.web.Answers;
import io.skerry.cloud.web.Bodies;
import io.skerry.cloud.web.Endpoint;
import io.skerry.cloud.web.HttpProblem;
import io.skerry.cloud.web.Route;
import io.skerry.cloud.web.SessionCookie;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Required;
import io.skerry.spec.Text;
import io.skerry.spec.Wire;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/**
 * Where people log in and out: {@code /login} sends the browser to the provider, {@code /login/callback} is where it comes back, {@code
 * /login/exchange} gives a program what came of a login that it began, {@code /logout} ends one. People are answered in plain words.
 */
final class LoginDoor {
    private static final String PENDING = "__Host-skerry-login";
    /** The fragment tells the page that somebody has just logged in. */
    private static final String AFTERWARDS = "/graphql#login";

    private static final int LARGEST_EXCHANGE = 4096;
    private static final int LONGEST_CODE = 4096;

    private final OpenIdProvider provider;
    private final Logins logins;
    private final LoginCodes codes;
    private final ApiKeys keys;
    private final SealingKeys sealing;
    private final Supplier<URI> publicUrl;
    private final InstantSource time;
    private final SecureRandom random;

    /** What a program sends for what came of its login. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Exchange(String code, String verifier) {
        Exchange {
            Required.field(code, "code");
            Required.field(verifier, "verifier");
        }

        @Override
        public String toString() {
            return "Exchange";
        }
    }

    /** What it gets. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Exchanged(String apiKey, String name, long expiresAt) {
        @Override
        public String toString() {
            return "Exchanged[name=" + name + "]";
        }
    }

    LoginDoor(
            OpenIdProvider provider,
            Logins logins,
            LoginCodes codes,
            ApiKeys keys,
            SealingKeys sealing,
            Supplier<URI> publicUrl,
            InstantSource time,
            SecureRandom random) {
        this.provider = provider;
        this.logins = logins;
        this.codes = codes;
        this.keys = keys;
        this.sealing = sealing;
        this.publicUrl = publicUrl;
        this.time = time;
        this.random = random;
    }

    List<Route> routes() {
        return List.of(
                new Route("/login", List.of("GET"), inWords(this::begin)),
                new Route("/login/callback", List.of("GET"), inWords(this::finish)),
                new Route("/login/exchange", List.of("POST"), this::exchange),
                new Route(
                        "/logout",
                        List.of("POST"),
                        (request, response, callback) -> logOut(keys, request, response, callback)));
    }

    /** Answers a person. */
    private interface Page {
        void answer(Request request, Response response, Callback callback);
    }

    private static Endpoint inWords(Page page) {
        return (request, response, callback) -> {
            response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
            response.getHeaders().put("Referrer-Policy", "no-referrer");
            try {
                page.answer(request, response, callback);
            } catch (ProblemException e) {
                Answers.text(response, callback, status(e.code()), e.problem().sentence() + "\n");
            }
        };
    }

    private static int status(String code) {
        return switch (code) {
            case "login.no-rule", "login.refused" -> 403;
            case "login.provider-answer", "egress.refused" -> 502;
            case "login.provider-unavailable", "login.busy", "storage.unavailable", "storage.busy" -> 503;
            case "login.secret-unreadable" -> 500;
            default -> 400;
        };
    }

    private void begin(Request request, Response response, Callback callback) {
        URI here = publicUrl.get();
        Fields asked = Request.extractQueryParameters(request, StandardCharsets.UTF_8);
        if (!SessionCookie.authority(request).equals(authority(here)) && asked.get("moved") == null) {
            // The provider sends the browser back to the public address, and cookies are kept for one host.
            String query = Optional.ofNullable(request.getHttpURI().getQuery())
                    .map(q -> q + "&")
                    .orElse("");
            redirect(response, callback, here + "/login?" + query + "moved=1");
            return;
        }
        Optional<Program> program = parameter(asked, "return_to")
                .map(to -> Program.checked(
                        to,
                        parameter(asked, "challenge").orElse(""),
                        parameter(asked, "state").orElse("")));
        Optional<String> customer = parameter(asked, "customer").map(c -> Text.shortened(c, 200));
        Pending pending = Pending.begun(customer, program, random, time.millis());
        String address = provider.begin(pending, callback(here)).toString();
        SessionCookie.give(response, PENDING, pending.sealed(sealing), Pending.LIFE);
        redirect(response, callback, address);
    }

    private static String authority(URI uri) {
        return uri.getAuthority().toLowerCase(Locale.ROOT).replaceFirst(":443$", "");
    }

    private static URI callback(URI here) {
        return URI.create(here + "/login/callback");
    }

    private void finish(Request request, Response response, Callback callback) {
        Fields came = Request.extractQueryParameters(request, StandardCharsets.UTF_8);
        Pending pending = SessionCookie.value(request, PENDING)
                .flatMap(kept -> Pending.opened(kept, sealing, time.millis()))
                .filter(p -> p.isState(parameter(came, "state").orElse("")))
                .orElseThrow(() -> new Problem(
                                "login.state",
                                "This doesn't belong to a login that was begun in this browser in the last "
                                        + Pending.LIFE.toMinutes() + " minutes.",
                                "Begin again, and have one login at a time.")
                        .asException());
        // Once: whatever becomes of it, it isn't tried again.
        SessionCookie.give(response, PENDING, "", Duration.ZERO);
        if (pending.program().isPresent()) {
            redirect(response, callback, returned(pending.program().get(), pending, came));
            return;
        }
        NewLogin login = logins.logIn(person(pending, came), pending.customer());
        SessionCookie.give(response, SessionCookie.NAME, login.secret(), login.life());
        redirect(response, callback, AFTERWARDS);
    }

    private String returned(Program program, Pending pending, Fields came) {
        LoginCodes.Outcome outcome;
        try {
            Person person = person(pending, came);
            logins.check(person, pending.customer());
            outcome = new LoginCodes.Outcome.Came(person, pending.customer());
        } catch (ProblemException e) {
            outcome = new LoginCodes.Outcome.Failed(e.problem());
        }
        return program.end(codes.keep(program.challenge(), outcome));
    }

    private Person person(Pending pending, Fields came) {
        Optional<String> issuer = parameter(came, "iss");
        Optional<String> code = parameter(came, "code").filter(c -> c.length() <= LONGEST_CODE);
        if (code.isEmpty()) {
            provider.checkIssuer(issuer);
            throw new Problem(
                            "login.refused",
                            "The OpenID provider didn't log you in"
                                    + parameter(came, "error")
                                            .filter(e -> e.matches("[a-z_]{1,40}"))
                                            .map(e -> " (" + e + ")")
                                            .orElse("")
                                    + ".",
                            "Try again, or ask whoever runs it.")
                    .asException();
        }
        return provider.finish(code.get(), issuer, pending, callback(publicUrl.get()));
    }

    private void exchange(Request request, Response response, Callback callback) {
        Exchange exchange = Wire.read(
                Wire.lenient(Exchange.class), Bodies.read(request, LARGEST_EXCHANGE), "The exchange of a login's code");
        switch (codes.take(exchange.code(), exchange.verifier())) {
            case LoginCodes.Outcome.Failed(Problem problem) -> throw new HttpProblem(status(problem.code()), problem);
            case LoginCodes.Outcome.Came(Person person, Optional<String> customer) -> {
                NewLogin login = logins.logIn(person, customer);
                response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
                Answers.body(
                        response,
                        callback,
                        200,
                        Answers.JSON,
                        Wire.lenient(Exchanged.class)
                                .toJsonBytes(new Exchanged(login.secret(), login.name(), login.expiresAt())));
            }
        }
    }

    /** Ends the login by whose key, or from whose browser, it is asked for. */
    static void logOut(ApiKeys keys, Request request, Response response, Callback callback) {
        @Nullable String header = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        Optional<Caller> caller =
                (header == null ? SessionCookie.secret(request) : ApiKeys.secretIn(header)).flatMap(keys::callerOf);
        if (caller.isEmpty()) {
            throw new HttpProblem(
                    401,
                    new Problem(
                            "api-key.refused",
                            "Nobody who is logged in asks for it.",
                            "There is nothing to end then."));
        }
        if (!caller.get().actor().isPerson()) {
            throw new HttpProblem(
                    409,
                    new Problem(
                            "login.none",
                            "This API key is no login, and stays good.",
                            "Revoke it with Authz_revoke_api_key or 'skerry key revoke'."));
        }
        keys.revoke(caller.get().apiKeyId(), caller.get().actor());
        SessionCookie.give(response, SessionCookie.NAME, "", Duration.ZERO);
        Answers.empty(response, callback, 204);
    }

    private static void redirect(Response response, Callback callback, String to) {
        response.getHeaders().put(HttpHeader.LOCATION, to);
        Answers.empty(response, callback, 302);
    }

    private static Optional<String> parameter(Fields fields, String name) {
        return Optional.ofNullable(fields.getValue(name)).filter(v -> !v.isEmpty());
    }
}
