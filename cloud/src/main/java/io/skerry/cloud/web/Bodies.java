package io.skerry.cloud.web;

import io.skerry.spec.Problem;
import java.io.IOException;
import java.io.InputStream;
import org.eclipse.jetty.server.Request;

/** Reads requests' bodies, within bounds. Blocks. */
public final class Bodies {
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

    /** Who is still sending would meet a closed connection in place of the answer. */
    private static void readPast(InputStream in, long most) throws IOException {
        byte[] buffer = new byte[8192];
        long left = most;
        for (int n = 0; left > 0 && n >= 0; left -= n) {
            n = in.read(buffer);
        }
    }
}
