package io.skerry.cloud.graphql;

import io.skerry.cloud.web.Answers;
import io.skerry.cloud.web.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/**
 * A page on which people look through the fleet API and try it out. It asks nobody but its own host for anything, which its
 * content security policy holds it to, and keeps the key that is typed into it in a variable; who is logged in
 * in this browser needs none.
 */
public final class ExplorerPage {
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private static final String HTML = "text/html";

    private ExplorerPage() {}

    /** What the page is made of beside itself. */
    public static List<Route> parts() {
        List<String> reading = List.of("GET", "HEAD");
        return List.of(
                new Route(
                        "/graphql/explorer.css",
                        reading,
                        (request, response, callback) ->
                                send("explorer.css", "text/css; charset=utf-8", response, callback)),
                new Route(
                        "/graphql/explorer.js",
                        reading,
                        (request, response, callback) ->
                                send("explorer.js", "text/javascript; charset=utf-8", response, callback)));
    }

    /** Whether this is a browser that opens the API's address, and not a call of the API. */
    static boolean isWanted(Request request) {
        if (!request.getMethod().equals("GET")) {
            return false;
        }
        Fields parameters = Request.extractQueryParameters(request);
        List<String> accepted = request.getHeaders().getQualityCSV(HttpHeader.ACCEPT);
        return parameters.isEmpty()
                && !accepted.isEmpty()
                && accepted.getFirst()
                        .split(";", 2)[0]
                        .strip()
                        .toLowerCase(Locale.ROOT)
                        .equals(HTML);
    }

    static void answer(Response response, Callback callback) {
        // In place of the stricter one that the port gives everything.
        response.getHeaders().put("Content-Security-Policy", POLICY);
        response.getHeaders().put("Referrer-Policy", "no-referrer");
        send("explorer.html", HTML + "; charset=utf-8", response, callback);
    }

    private static void send(String file, String type, Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache");
        Answers.body(response, callback, 200, type, read(file));
    }

    private static byte[] read(String file) {
        try (InputStream in = Objects.requireNonNull(ExplorerPage.class.getResourceAsStream(file))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
