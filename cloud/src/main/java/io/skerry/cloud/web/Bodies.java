package io.skerry.cloud.web;

import io.skerry.spec.Problem;
import java.io.IOException;
import java.io.InputStream;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/** Reads requests' bodies, within bounds. Blocks. */
public final class Bodies {
    private static final int SMALL = 64 * 1024;

    private Bodies() {}

    /**
     * The whole body.
     *
     * @param most bytes
     * @throws io.skerry.spec.ProblemException {@code request.too-large}, {@code request.cut-off}
     */
    public static byte[] read(Request request, int most) {
        try (InputStream in = Request.asInputStream(request)) {
            byte[] body = in.readNBytes(most + 1);
            if (body.length > most) {
                readPast(in, 8L * most);
                throw new Problem(
                                "request.too-large",
                                "The request's body is longer than " + most + " bytes.",
                                "Send less.")
                        .asException();
            }
            return body;
        } catch (IOException e) {
            throw new Problem("request.cut-off", "The request's body didn't arrive whole.", "Send it again.")
                    .asException(e);
        }
    }

    /**
     * Before a refusal is sent: reads past what is left of a small body, so that the connection can go on. When more is
     * left the answer says that the connection ends; a client that isn't told sends its next request into the closing.
     */
    public static void leave(Request request, Response response) {
        // Reading would ask who waits for a go-ahead to send.
        if (request.getLength() <= SMALL && !request.getHeaders().contains(HttpHeader.EXPECT)) {
            try (InputStream in = Request.asInputStream(request)) {
                readPast(in, SMALL);
            } catch (IOException e) {
                // It isn't whole, which is what the next line finds.
            }
        }
        leaveAvailable(request, response);
    }

    /** As {@link #leave}, of what has arrived already. Doesn't block. */
    static void leaveAvailable(Request request, Response response) {
        if (!request.consumeAvailable()) {
            response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
        }
    }

    /** Who is still sending would meet a closed connection in place of the answer. */
    private static void readPast(InputStream in, long most) throws IOException {
        byte[] buffer = new byte[8192];
        long left = most;
        for (int n = 0; left > 0 && n >= 0; left -= n) {
            n = in.read(buffer);
        }
    }
}
