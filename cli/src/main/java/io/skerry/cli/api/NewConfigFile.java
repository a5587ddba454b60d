package io.skerry.cli.api;

import java.util.Base64;
import java.util.Map;

/**
 * A configuration file to be set.
 *
 * @param content what it says; not in {@link #toString}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record NewConfigFile(String path, String mode, boolean secret, byte[] content) {
    Map<String, Object> variables() {
        return Map.of(
                "path",
                path,
                "mode",
                mode,
                "secret",
                secret,
                "content_base64",
                Base64.getEncoder().encodeToString(content));
    }

    @Override
    public String toString() {
        return "NewConfigFile[" + path + "]";
    }
}
