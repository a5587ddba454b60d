package io.skerry.cloud.login;

import io.avaje.jsonb.Json;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A program on the person's own machine that began a login and waits for its end (RFC 8252).
 *
 * @param returnTo where it listens: a port of the loopback interface, and nothing else
 * @param challenge base64url of the SHA-256 of a secret that only it knows
 * @param state by which it knows its login again
 */
@Json
record Program(String returnTo, String challenge, String state) {
    private static final Pattern LOOPBACK = Pattern.compile("http://(?:127\\.0\\.0\\.1|\\[::1\\]):(\\d{1,5})/login");
    private static final Pattern RANDOM = Pattern.compile("[A-Za-z0-9_-]{43}");

    /**
     * As it came from outside.
     *
     * @throws ProblemException {@code login.return-address}
     */
    static Program checked(String returnTo, String challenge, String state) {
        Matcher loopback = LOOPBACK.matcher(returnTo);
        if (!loopback.matches() || !isPort(loopback.group(1))) {
            throw refused("A login returns to http://127.0.0.1:PORT/login on one's own machine and nowhere else.");
        }
        if (!RANDOM.matcher(challenge).matches() || !RANDOM.matcher(state).matches()) {
            throw refused("A program that begins a login sends 43 characters of base64url as challenge and as state.");
        }
        return new Program(returnTo, challenge, state);
    }

    private static boolean isPort(String digits) {
        int port = Integer.parseInt(digits);
        return port > 0 && port <= 65_535;
    }

    private static ProblemException refused(String why) {
        return new Problem("login.return-address", why, "Begin again with: skerry login URL --browser.").asException();
    }

    /** Where the browser goes at the end. */
    String end(String code) {
        return returnTo + "?code=" + code + "&state=" + state;
    }
}
