package io.skerry.cloud.config;

import io.skerry.spec.Digest;
import io.skerry.spec.desired.ConfigFile;

/**
 * A configuration file as it is set.
 *
 * @param content what it says; not in {@link #toString}
 * @param secret whether nobody is ever to be shown that
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record NewFile(String path, int mode, byte[] content, boolean secret) {
    public ConfigFile file() {
        return new ConfigFile(path, mode, Digest.of(content), content.length);
    }

    @Override
    public String toString() {
        return "NewFile[" + path + "]";
    }
}
