package io.skerry.cloud.graphql;

/** What can be said for arguments of the fleet API that name nothing that somebody has. */
final class SampleArguments {
    private SampleArguments() {}

    /** A value that the argument of this name may have, as it is written in a call. */
    static String of(String argument) {
        return switch (argument) {
            case "windows" -> "{}";
            case "minutes", "container_version", "from_version" -> "1";
            case "to_version" -> "2";
            case "claim" -> "group";
            case "files" -> "[{path: \"/etc/a\", content: \"a\"}]";
            case "url" -> "\"https://receiver.example/\"";
            case "paths" -> "[\"/etc/a\"]";
            case "metadata" -> "{memory_limit_mb: 64}";
            case "name", "value", "reason" -> "\"none\"";
            case "version_target_selector" -> "null";
            default -> throw new AssertionError("nobody has said what " + argument + " may be");
        };
    }
}
