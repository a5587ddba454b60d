package io.skerry.cloud.registry;

import io.skerry.spec.Digest;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a path of the distribution protocol names. */
sealed interface RegistryPath {
    Pattern FORM = Pattern.compile(
            "/v2/([A-Za-z0-9-]{1,64})/([a-z0-9._-]{1,63})/(manifests|blobs|tags)/([A-Za-z0-9._:-]{1,128})");
    Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

    /** {@code /v2/} itself: whether the protocol is spoken here. */
    record Base() implements RegistryPath {}

    /** A version of a service by its tag. */
    record Tagged(Repository repository, String tag) implements RegistryPath {}

    /** A manifest or index by its digest. */
    record Manifest(Repository repository, Digest digest) implements RegistryPath {}

    /** A blob. */
    record Blob(Repository repository, Digest digest) implements RegistryPath {}

    /** The list of a repository's tags. */
    record Tags(Repository repository) implements RegistryPath {}

    /**
     * A service's images.
     *
     * @param customerId whose service
     * @param service its name
     */
    record Repository(String customerId, String service) {
        @Override
        public String toString() {
            return customerId + "/" + service;
        }
    }

    /** Reads a path; empty when there can't be anything there. */
    static Optional<RegistryPath> parse(String path) {
        if (path.equals("/v2/") || path.equals("/v2")) {
            return Optional.of(new Base());
        }
        Matcher matcher = FORM.matcher(path);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Repository repository = new Repository(matcher.group(1), matcher.group(2));
        String reference = matcher.group(4);
        boolean digest = DIGEST.matcher(reference).matches();
        return switch (matcher.group(3)) {
            case "tags" -> reference.equals("list") ? Optional.of(new Tags(repository)) : Optional.empty();
            case "blobs" -> digest ? Optional.of(new Blob(repository, new Digest(reference))) : Optional.empty();
            default ->
                Optional.of(
                        digest ? new Manifest(repository, new Digest(reference)) : new Tagged(repository, reference));
        };
    }
}
