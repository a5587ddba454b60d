package io.skerry.spec.desired;

import io.avaje.jsonb.Json;
import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import io.skerry.spec.Required;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the workload's {@link ConfigFile}s say. Never shown: its text hasn't it.
 *
 * @param bytes base64, by digest as it is written
 */
@Json
public record Contents(Map<String, String> bytes) {
    public Contents {
        Required.field(bytes, "bytes");
        bytes = Collections.unmodifiableMap(new TreeMap<>(bytes));
    }

    /** These contents. */
    public static Contents of(Map<Digest, byte[]> contents) {
        var bytes = new TreeMap<String, String>();
        contents.forEach((digest, content) ->
                bytes.put(digest.value(), Base64.getEncoder().encodeToString(content)));
        return new Contents(bytes);
    }

    /**
     * Each content, whose digest was found to be right.
     *
     * @throws io.skerry.spec.ProblemException {@code document.contents} when one isn't what its digest says
     */
    public Map<Digest, byte[]> verified() {
        Map<Digest, byte[]> contents = new HashMap<>();
        bytes.forEach((name, text) -> {
            Digest digest = new Digest(name);
            byte[] content = decoded(name, text);
            if (content.length > ConfigFile.LARGEST || !Digest.of(content).equals(digest)) {
                throw wrong(name).asException();
            }
            contents.put(digest, content);
        });
        return contents;
    }

    private static byte[] decoded(String name, String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            // Its message quotes the text.
            throw wrong(name).asException();
        }
    }

    private static Problem wrong(String digest) {
        return new Problem(
                "document.contents",
                "The desired state has a configuration file's content that isn't what its digest " + digest + " says.",
                "Set the instance's configuration again.");
    }

    @Override
    public String toString() {
        return "Contents" + bytes.keySet();
    }
}
