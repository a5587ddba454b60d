package io.skerry.content.oci;

import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where an image is, as people write it: {@code [registry[:port]/]repository[:tag][@digest]}.
 *
 * <p>Read as Docker reads it: without a registry it is Docker Hub's, without a tag and digest it is {@code latest}, and a Hub
 * repository of one word is {@code library/…}.
 *
 * @param registry host, with a port if one was given; {@code docker.io} for Docker Hub
 * @param repository path within the registry
 * @param tag for people's eyes when there is a digest too
 * @param digest what is meant, whatever the tag says
 */
public record ImageReference(String registry, String repository, Optional<String> tag, Optional<Digest> digest) {
    private static final int LONGEST = 512;
    private static final String HUB = "docker.io";
    private static final Pattern REGISTRY = Pattern.compile(
            "(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*"
                    + "|\\[[0-9a-fA-F:.]{2,45}\\])(?::[0-9]{1,5})?");
    private static final Pattern COMPONENT = Pattern.compile("[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");

    /** @throws ProblemException {@code image-reference.malformed}, which says what is wrong with it */
    public static ImageReference parse(String text) {
        if (text.length() > LONGEST) {
            throw malformed(text, "it is longer than " + LONGEST + " characters");
        }
        String rest = text;
        Optional<Digest> digest = Optional.empty();
        int at = rest.indexOf('@');
        if (at >= 0) {
            try {
                digest = Optional.of(new Digest(rest.substring(at + 1)));
            } catch (ProblemException e) {
                throw malformed(text, "what follows the @ is not sha256: and 64 lower-case hexadecimal digits");
            }
            rest = rest.substring(0, at);
        }
        Optional<String> tag = Optional.empty();
        int colon = rest.lastIndexOf(':');
        if (colon > rest.lastIndexOf('/')) {
            tag = Optional.of(rest.substring(colon + 1));
            rest = rest.substring(0, colon);
        }
        String registry = HUB;
        int slash = rest.indexOf('/');
        if (slash >= 0 && isHost(rest.substring(0, slash))) {
            registry = rest.substring(0, slash).toLowerCase(Locale.ROOT);
            rest = rest.substring(slash + 1);
        }
        if (registry.equals("index.docker.io") || registry.equals("registry-1.docker.io")) {
            registry = HUB;
        }
        if (registry.equals(HUB) && rest.indexOf('/') < 0 && !rest.isEmpty()) {
            rest = "library/" + rest;
        }
        check(text, registry, rest, tag);
        if (tag.isEmpty() && digest.isEmpty()) {
            tag = Optional.of("latest");
        }
        return new ImageReference(registry, rest, tag, digest);
    }

    /** This image, exactly as this digest names it. */
    public ImageReference withDigest(Digest exact) {
        return new ImageReference(registry, repository, tag, Optional.of(exact));
    }

    /** What is asked of the registry: the digest if there is one, else the tag. */
    public String target() {
        return digest.map(Digest::value).or(() -> tag).orElse("latest");
    }

    /** Host and port that serve the registry's API. */
    public String authority() {
        return registry.equals(HUB) ? "registry-1.docker.io" : registry;
    }

    public boolean isDockerHub() {
        return registry.equals(HUB);
    }

    /** As {@link #parse} reads it, nothing left out. */
    @Override
    public String toString() {
        return registry + "/" + repository + tag.map(t -> ":" + t).orElse("")
                + digest.map(d -> "@" + d).orElse("");
    }

    /** Docker's rule, but that capitals alone make no host: {@code Team/web} is a mistyped path. */
    private static boolean isHost(String first) {
        return first.contains(".") || first.contains(":") || first.equalsIgnoreCase("localhost");
    }

    private static void check(String text, String registry, String repository, Optional<String> tag) {
        if (!REGISTRY.matcher(registry).matches()) {
            throw malformed(text, "'" + Text.shortened(registry, 60) + "' is not a registry's host and port");
        }
        int port = registry.lastIndexOf(':');
        if (port > registry.lastIndexOf(']') && Integer.parseInt(registry.substring(port + 1)) > 65_535) {
            throw malformed(text, "its port is above 65535");
        }
        for (String component : repository.split("/", -1)) {
            if (!COMPONENT.matcher(component).matches()) {
                throw malformed(
                        text,
                        component.isEmpty()
                                ? "a part of its path is empty"
                                : "'" + Text.shortened(component, 60)
                                        + "' in its path has other characters than a-z, 0-9 and single separators");
            }
        }
        if (repository.length() > 255) {
            throw malformed(text, "its path is longer than 255 characters");
        }
        if (tag.isPresent() && !TAG.matcher(tag.get()).matches()) {
            throw malformed(text, "'" + Text.shortened(tag.get(), 60) + "' is not a tag");
        }
    }

    private static ProblemException malformed(String text, String why) {
        return new Problem(
                        "image-reference.malformed",
                        "'" + Text.shortened(text, 120) + "' does not name an image: " + why + ".",
                        "Write it as registry.example:5000/path/name:tag or …/name@sha256:<digest>.")
                .asException();
    }
}
