package io.skerry.lab;

import io.skerry.spec.JsonMappers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The login by which the command line finds the lab, in the form of its {@code profiles.json}. */
record CliProfile(URI url, String key, Path authority, String customer) {
    void write(Path settings) {
        try {
            Map<String, Object> profile = Map.of(
                    "name",
                    "lab",
                    "url",
                    url.toString(),
                    "api_key",
                    key,
                    "authorities",
                    Files.readString(authority),
                    "customer",
                    customer);
            PrivateFiles.write(
                    settings.resolve("profiles.json"),
                    JsonMappers.mapper()
                            .build()
                            .type(Object.class)
                            .toJson(Map.of("current", "lab", "profiles", List.of(profile))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return "CliProfile[url=" + url + "]";
    }
}
