package io.skerry.cloud.web;

import io.skerry.spec.Problem;
import io.skerry.spec.wire.Messages;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** How the ports answer: JSON, text, and problems as the body of an error. None of these blocks. */
public final class Answers {
    public static final String JSON = "application/json";
    public static final String TEXT = "text/plain; charset=utf-8";

    private Answers() {}

    /** A whole body; the callback is completed when it is sent. */
    public static void body(Response response, Callback callback, int status, String type, byte[] body) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
    }

    public static void text(Response response, Callback callback, int status, String text) {
        body(response, callback, status, TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** No body. */
    public static void empty(Response response, Callback callback, int status) {
        response.setStatus(status);
        response.write(true, null, callback);
    }

    /** An error, for programs and people. */
    public static void problem(Response response, Callback callback, int status, Problem problem) {
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        body(response, callback, status, JSON, Messages.PROBLEM.toJsonBytes(problem));
    }
}
