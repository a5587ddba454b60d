package io.skerry.content.registry;

import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An HTTP answer whose body may still be on its way.
 *
 * @param status of the answer; redirects are not followed by a transport
 * @param headers by name, in any case
 * @param body to be read once; its reads throw an {@link IOException} when the connection is lost or stalls
 */
public record HttpAnswer(int status, Map<String, List<String>> headers, InputStream body) implements AutoCloseable {
    public HttpAnswer {
        Map<String, List<String>> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        copy.putAll(headers);
        headers = Collections.unmodifiableMap(copy);
    }

    /** The first header of this name. */
    public Optional<String> header(String name) {
        return all(name).stream().findFirst();
    }

    public List<String> all(String name) {
        return headers.getOrDefault(name, List.of());
    }

    /** Gives the connection back, or up when there is still much to read. */
    @Override
    public void close() throws IOException {
        body.close();
    }
}
