package io.skerry.cloud.web;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/**
 * The cookie by which a browser is logged in: an API key that no script sees. A browser sends it along with whatever any page has it
 * send, so it counts only together with a header that other sites' pages can't set, in a POST that comes from this very site.
 */
public final class SessionCookie {
    /** The prefix has browsers keep it to this host and to TLS. */
    public static final String NAME = "__Host-skerry-session";

    /** Sent with any value by a page that means it. */
    public static final String HEADER = "skerry-session";

    private SessionCookie() {}

    /** The key of the browser that sends this, if it may count. */
    public static Optional<String> secret(Request request) {
        boolean meant =
                request.getMethod().equals("POST") && request.getHeaders().contains(HEADER) && isSameOrigin(request);
        return meant ? value(request, NAME) : Optional.empty();
    }

    private static boolean isSameOrigin(Request request) {
        @Nullable String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        @Nullable String site = request.getHeaders().get("sec-fetch-site");
        String own = "https://" + authority(request);
        return origin != null && origin.equals(own) && (site == null || site.equals("same-origin"));
    }

    /** By which host and port it was asked for, as browsers write them. */
    public static String authority(Request request) {
        @Nullable String authority = request.getHttpURI().getAuthority();
        return authority == null ? "" : authority.toLowerCase(Locale.ROOT).replaceFirst(":443$", "");
    }

    /** What a cookie says. */
    public static Optional<String> value(Request request, String name) {
        return Request.getCookies(request).stream()
                .filter(c -> c.getName().equals(name))
                .map(HttpCookie::getValue)
                .filter(v -> !v.isEmpty())
                .findFirst();
    }

    /** Has the browser keep a cookie for itself and this host alone; for no time: forget it. */
    public static void give(Response response, String name, String value, Duration life) {
        response.getHeaders()
                .add(
                        HttpHeader.SET_COOKIE,
                        name + "=" + value + "; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=" + life.toSeconds());
    }
}
