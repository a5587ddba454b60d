package io.skerry.device.link;

import io.skerry.content.registry.HttpAnswer;
import io.skerry.content.registry.HttpAsk;
import io.skerry.content.registry.HttpTransport;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Counts the bytes of what is fetched as content. */
public final class CountingTransport implements HttpTransport {
    private final HttpTransport transport;
    private final TrafficCount traffic;

    public CountingTransport(HttpTransport transport, TrafficCount traffic) {
        this.transport = transport;
        this.traffic = traffic;
    }

    @Override
    public HttpAnswer send(HttpAsk ask) throws IOException {
        traffic.sent(Purpose.CONTENT, headBytes(ask));
        HttpAnswer answer = transport.send(ask);
        traffic.received(Purpose.CONTENT, headBytes(answer));
        return new HttpAnswer(answer.status(), answer.headers(), new Counted(answer.body()));
    }

    private static long headBytes(HttpAsk ask) {
        long bytes = 40L
                + ask.method().length()
                + String.valueOf(ask.uri().getRawPath()).length();
        for (var header : ask.headers().entrySet()) {
            bytes += header.getKey().length() + header.getValue().length() + 4;
        }
        return bytes;
    }

    private static long headBytes(HttpAnswer answer) {
        long bytes = 20;
        for (var header : answer.headers().entrySet()) {
            for (String value : header.getValue()) {
                bytes += header.getKey().length() + value.length() + 4;
            }
        }
        return bytes;
    }

    private final class Counted extends FilterInputStream {
        private Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            traffic.received(Purpose.CONTENT, b < 0 ? 0 : 1);
            return b;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = super.read(buffer, offset, length);
            traffic.received(Purpose.CONTENT, Math.max(0, n));
            return n;
        }
    }
}
