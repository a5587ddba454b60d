package io.skerry.content.registry;

import io.skerry.content.json.JsonTree;
import io.skerry.content.oci.ImageReference;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds out what a registry wants to see of us: nothing, user and password, or a token that its realm gives for them.
 *
 * <p>The credentials go to the registry that the reference names and to its realm, over TLS; without TLS only when the
 * registry itself is spoken to so.
 */
final class Authorization {
    private static final int MOST_TOKEN_BYTES = 64 * 1024;
    private static final int MOST_CACHED = 64;
    private static final Duration SHORTEST = Duration.ofSeconds(60);
    private static final Duration BEFORE_EXPIRY = Duration.ofSeconds(10);

    /** What to send, and until when it is good. */
    private record Granted(String header, Instant until) {}

    private final Redirects http;
    private final RegistryAccess access;
    private final Retries retries;
    private final Map<String, Granted> granted = new ConcurrentHashMap<>();

    Authorization(Redirects http, RegistryAccess access, Retries retries) {
        this.http = http;
        this.access = access;
        this.retries = retries;
    }

    /** What worked before for this repository, if it is still good. */
    Optional<String> known(ImageReference reference) {
        return Optional.ofNullable(granted.get(key(reference)))
                .filter(g -> g.until().isAfter(retries.now()))
                .map(Granted::header);
    }

    /**
     * Answers a registry's challenge.
     *
     * @throws IOException when the token realm can't be reached
     * @throws ProblemException {@code registry.unauthorized}, {@code registry.answer-malformed}
     */
    String answer(ImageReference reference, List<String> challengeHeaders) throws IOException {
        List<Challenge> challenges = Challenge.parse(challengeHeaders);
        Optional<Challenge> bearer =
                challenges.stream().filter(c -> c.scheme().equals("bearer")).findFirst();
        Granted grant;
        if (bearer.isPresent()) {
            grant = token(reference, bearer.get());
        } else if (challenges.stream().anyMatch(c -> c.scheme().equals("basic"))) {
            grant = new Granted(basic(credentials(reference)), Instant.MAX);
        } else {
            throw RegistryProblems.malformed(
                    reference, "it wants to be logged in to, but neither by password nor token");
        }
        if (granted.size() >= MOST_CACHED) {
            granted.clear();
        }
        granted.put(key(reference), grant);
        return grant.header();
    }

    private Granted token(ImageReference reference, Challenge challenge) throws IOException {
        URI uri = realm(reference, challenge);
        Map<String, String> headers = access.credentials()
                .map(c -> Map.of("Authorization", basic(c), "Accept", "application/json"))
                .orElse(Map.of("Accept", "application/json"));
        try (HttpAnswer answer = http.get(reference, uri, headers)) {
            if (answer.status() == 401 || answer.status() == 403) {
                throw RegistryProblems.unauthorized(reference, access.credentials(), 401);
            }
            if (RegistrySession.isPassing(answer.status())) {
                throw new PassingFailure(answer.status(), answer.header("Retry-After"));
            }
            if (answer.status() != 200) {
                throw RegistryProblems.malformed(reference, "its token realm answers HTTP " + answer.status());
            }
            JsonTree tree = JsonTree.parse(
                    Bodies.read(reference, answer, MOST_TOKEN_BYTES, "a token"),
                    "registry.answer-malformed",
                    "The token for " + reference);
            String token = tree.field("token")
                    .or(() -> tree.field("access_token"))
                    .orElseThrow(() -> tree.wrong("it has no 'token'"))
                    .asText();
            if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
                throw tree.wrong("its 'token' has characters that no token has");
            }
            long seconds = tree.field("expires_in").map(JsonTree::asWholeNumber).orElse(SHORTEST.toSeconds());
            Duration life = Duration.ofSeconds(Math.clamp(seconds, SHORTEST.toSeconds(), 24 * 3600));
            return new Granted("Bearer " + token, retries.now().plus(life).minus(BEFORE_EXPIRY));
        }
    }

    private URI realm(ImageReference reference, Challenge challenge) {
        String realm = challenge.parameter("realm").orElse("");
        URI uri;
        try {
            String service = challenge
                    .parameter("service")
                    .map(s -> "service=" + encoded(s) + "&")
                    .orElse("");
            String scope = challenge.parameter("scope").orElse("repository:" + reference.repository() + ":pull");
            uri = URI.create(realm + (realm.contains("?") ? "&" : "?") + service + "scope=" + encoded(scope));
        } catch (IllegalArgumentException e) {
            throw RegistryProblems.malformed(reference, "its token realm is not a web address");
        }
        http.check(reference, uri);
        return uri;
    }

    private Credentials credentials(ImageReference reference) {
        return access.credentials().orElseThrow(() -> RegistryProblems.unauthorized(reference, Optional.empty(), 401));
    }

    private static String basic(Credentials credentials) {
        byte[] both = (credentials.user() + ":" + credentials.password()).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(both);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String key(ImageReference reference) {
        return reference.authority() + "/" + reference.repository();
    }
}
