package io.skerry.cli.session;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.skerry.cli.api.PeoplesDoor;
import io.skerry.cli.api.PersonsKey;
import io.skerry.spec.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A person's login: it is done in a browser, which comes back to a port of this machine that is open for that long (RFC 8252). What it
 * brings is a code that is worth nothing to anybody else, as it is fetched with a secret that never leaves this program.
 */
final class BrowserLogin {
    static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final String PATH = "/login";
    private static final Pattern CODE = Pattern.compile("(?:^|&)code=([A-Za-z0-9_-]{43})(?:&|$)");
    private static final Pattern STATE = Pattern.compile("(?:^|&)state=([A-Za-z0-9_-]{43})(?:&|$)");

    private final PeoplesDoor door;
    private final Browser browser;
    private final PrintStream told;
    private final String verifier;
    private final String state;
    private final CompletableFuture<String> code = new CompletableFuture<>();

    /** @param told where the address is shown */
    BrowserLogin(PeoplesDoor door, Browser browser, PrintStream told, SecureRandom random) {
        this.door = door;
        this.browser = browser;
        this.told = told;
        this.verifier = secret(random);
        this.state = secret(random);
    }

    private static String secret(SecureRandom random) {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return encoded(bytes);
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * Waits for the person.
     *
     * @throws io.skerry.spec.ProblemException {@code session.not-waited}, {@code session.no-port}, or why nobody is let in
     */
    PersonsKey key(@SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<String> customer) {
        HttpServer server = listening();
        try {
            URI here = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + PATH);
            URI address = door.address(here, challenge(verifier), state, customer);
            told.println("Log in with a browser on this machine:\n  " + address);
            told.flush();
            browser.open(address);
            return door.exchange(code.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS), verifier);
        } catch (TimeoutException e) {
            throw new Problem(
                            "session.not-waited",
                            "Nobody logged in within " + PATIENCE.toMinutes() + " minutes.",
                            "Try again, and open the address in a browser on this very machine.")
                    .asException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem("program.interrupted", "The wait was interrupted.").asException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("it never fails", e);
        } finally {
            server.stop(1);
        }
    }

    private HttpServer listening() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
            server.createContext(PATH, this::answer);
            server.start();
            return server;
        } catch (IOException e) {
            throw new Problem(
                            "session.no-port",
                            "No port of this machine can be listened on: " + e.getMessage() + ".",
                            "Log in with an API key: skerry login URL.")
                    .asException(e);
        }
    }

    /** Whoever doesn't know the state is somebody else, and the wait goes on. */
    private void answer(HttpExchange exchange) throws IOException {
        String query =
                Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
        Optional<String> came = value(CODE, query)
                .filter(c -> exchange.getRequestURI().getPath().equals(PATH))
                .filter(c -> exchange.getRequestMethod().equals("GET"))
                .filter(c -> value(STATE, query).filter(state::equals).isPresent());
        send(
                exchange,
                came.isPresent() ? 200 : 404,
                came.isPresent()
                        ? "Skerry's command line has your answer. You can close this page.\n"
                        : "Nothing waits for this.\n");
        came.ifPresent(code::complete);
    }

    private static Optional<String> value(Pattern pattern, String query) {
        Matcher found = pattern.matcher(query);
        return found.find() ? Optional.of(found.group(1)) : Optional.empty();
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        Map.of(
                        "content-type", "text/plain; charset=utf-8",
                        "cache-control", "no-store",
                        "referrer-policy", "no-referrer",
                        "connection", "close")
                .forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        exchange.sendResponseHeaders(status, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    static String challenge(String verifier) {
        try {
            return encoded(MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
