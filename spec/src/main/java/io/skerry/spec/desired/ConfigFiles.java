package io.skerry.spec.desired;

import io.avaje.jsonb.Json;
import io.skerry.spec.Required;
import java.util.Comparator;
import java.util.List;

/**
 * The configuration files of one container.
 *
 * @param files by path, each path once
 */
@Json
public record ConfigFiles(List<ConfigFile> files) {
    /** How many there may be. */
    public static final int MOST = 32;

    public ConfigFiles {
        Required.field(files, "files");
        // In one order, so that equal files are written as equal bytes.
        files = files.stream().sorted(Comparator.comparing(ConfigFile::path)).toList();
    }
}
