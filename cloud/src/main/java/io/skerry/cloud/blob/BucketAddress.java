package io.skerry.cloud.blob;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A bucket of S3-compatible storage, and how it is spoken to.
 *
 * @param prefix what the names of its objects begin with: empty, or ending in a slash
 * @param endpoint the server; empty: Amazon's for the region
 * @param region empty: where there is an endpoint {@code us-east-1}, else what the environment says
 * @param pathStyle whether the bucket stands in the path, and not in the host's name
 * @param authorityFile PEM: who vouches for the server's certificate; empty: whom this machine's Java trusts
 * @param credentialsFile in the form of {@code ~/.aws/credentials}; empty: what the environment says
 */
public record BucketAddress(
        String bucket,
        String prefix,
        Optional<URI> endpoint,
        Optional<String> region,
        boolean pathStyle,
        Optional<Path> authorityFile,
        Optional<Path> credentialsFile) {
    private static final String FORM = "Give it as s3://BUCKET/PREFIX, perhaps with"
            + " ?endpoint=https://HOST:PORT&region=NAME&path-style=false&authority=FILE.";

    /**
     * Reads {@code s3://bucket/prefix?endpoint=…&region=…&path-style=…&authority=…}.
     *
     * @throws ProblemException {@code content.malformed}, which never repeats a secret
     */
    public static BucketAddress parse(String url, Optional<Path> credentialsFile) {
        URI uri = uri(url);
        // "s3://key:secret@bucket" has user information, and is no address of a server where the bucket has an
        // underscore.
        if (String.valueOf(uri.getRawAuthority()).contains("@")) {
            throw malformed(
                    "The bucket's address has credentials in it, where others can read them.",
                    "Put them into a file and name that with --content-credentials-file.");
        }
        if (!"s3".equals(uri.getScheme())) {
            throw malformed("The bucket's address doesn't begin with s3://.", FORM);
        }
        String bucket = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
        if (!bucket.matches("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")) {
            throw malformed(
                    "A bucket can't be called '" + Text.shortened(bucket, 80) + "'.",
                    "It has 3 to 63 small letters, digits, dots and dashes. " + FORM);
        }
        var query = new Query(uri.getRawQuery());
        return new BucketAddress(
                bucket,
                prefix(uri.getPath()),
                query.endpoint,
                query.region,
                query.pathStyle.orElse(query.endpoint.isPresent()),
                query.authorityFile,
                credentialsFile);
    }

    /** As it is told to people: {@code s3://bucket/prefix}. */
    public String told() {
        return "s3://" + bucket + "/" + prefix;
    }

    private static URI uri(String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException e) {
            // Not as a cause: it repeats the address, which may have a secret in it.
            throw malformed("The bucket's address isn't a URL.", FORM);
        }
    }

    private static String prefix(@Nullable String path) {
        String prefix = path == null ? "" : path.replaceAll("^/+|/+$", "");
        if (!prefix.matches("([A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*)?")
                || prefix.length() > 500) {
            throw malformed(
                    "The prefix '" + Text.shortened(prefix, 80) + "' can't be used.",
                    "Use letters, digits, dots, dashes and underscores, with single slashes between.");
        }
        return prefix.isEmpty() ? "" : prefix + "/";
    }

    private static ProblemException malformed(String message, String remedy) {
        return new Problem("content.malformed", message, remedy).asException();
    }

    private static final class Query {
        private Optional<URI> endpoint = Optional.empty();
        private Optional<String> region = Optional.empty();
        private Optional<Boolean> pathStyle = Optional.empty();
        private Optional<Path> authorityFile = Optional.empty();

        Query(@Nullable String query) {
            Set<String> seen = new HashSet<>();
            for (String pair : query == null || query.isEmpty() ? new String[0] : query.split("&", -1)) {
                String[] parts = pair.split("=", 2);
                if (!seen.add(parts[0])) {
                    throw malformed("The bucket's address says '" + Text.shortened(parts[0], 40) + "' twice.", FORM);
                }
                take(parts[0], parts.length < 2 ? "" : decoded(parts[1]));
            }
        }

        private void take(String name, String value) {
            switch (name) {
                case "endpoint" -> endpoint = Optional.of(server(value));
                case "region" -> region = Optional.of(region(value));
                case "path-style" -> pathStyle = Optional.of(yesOrNo(value));
                case "authority" -> authorityFile = Optional.of(file(value));
                default ->
                    throw malformed(
                            "The bucket's address has a parameter '" + Text.shortened(name, 40)
                                    + "', which isn't known.",
                            FORM);
            }
        }

        private static URI server(String value) {
            URI server = uri(value);
            boolean http = "https".equals(server.getScheme()) || "http".equals(server.getScheme());
            boolean bare = server.getRawUserInfo() == null
                    && server.getRawQuery() == null
                    && server.getRawFragment() == null
                    && String.valueOf(server.getRawPath()).matches("/?");
            if (!http || server.getHost() == null || !bare) {
                throw malformed("The bucket's endpoint isn't the address of a server.", "Give https://HOST:PORT.");
            }
            return server;
        }

        private static String region(String value) {
            if (!value.matches("[a-z0-9-]{1,40}")) {
                throw malformed(
                        "A region can't be called '" + Text.shortened(value, 40) + "'.",
                        "Name one such as eu-central-1.");
            }
            return value;
        }

        private static boolean yesOrNo(String value) {
            if (!value.equals("true") && !value.equals("false")) {
                throw malformed("path-style can't be '" + Text.shortened(value, 40) + "'.", "Use true or false.");
            }
            return Boolean.parseBoolean(value);
        }

        private static Path file(String value) {
            try {
                return Path.of(value).toAbsolutePath().normalize();
            } catch (InvalidPathException e) {
                throw malformed("authority isn't a path: '" + Text.shortened(value, 80) + "'.", FORM);
            }
        }

        private static String decoded(String part) {
            try {
                return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                throw malformed("The bucket's address isn't a URL.", FORM);
            }
        }
    }
}
