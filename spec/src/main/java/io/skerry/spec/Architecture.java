package io.skerry.spec;

import io.avaje.jsonb.Json;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The processor architectures that seed 002 names, with what the OCI image specification calls them. */
public enum Architecture {
    AMD64("amd64", "amd64", ""),
    ARMHF("armhf", "arm", "v7"),
    ARM64("arm64", "arm64", "v8");

    private final String word;
    private final String ociArchitecture;
    private final String ociVariant;

    Architecture(String word, String ociArchitecture, String ociVariant) {
        this.word = word;
        this.ociArchitecture = ociArchitecture;
        this.ociVariant = ociVariant;
    }

    /** The word of the fleet API: {@code amd64}, {@code armhf} or {@code arm64}. */
    @Json.Value
    public String word() {
        return word;
    }

    /** The {@code architecture} of an OCI image's platform. */
    public String ociArchitecture() {
        return ociArchitecture;
    }

    /** The {@code variant} of an OCI image's platform that this architecture runs best; may be empty. */
    public String ociVariant() {
        return ociVariant;
    }

    /** Whether an image of this OCI platform runs here; an absent (empty) variant is taken as fitting. */
    public boolean runs(String architecture, String variant) {
        return ociArchitecture.equals(architecture)
                && (variant.isEmpty()
                        || variant.equals(ociVariant)
                        || (this == ARMHF && (variant.equals("v6") || variant.equals("v5"))));
    }

    /** @throws ProblemException {@code architecture.unknown} */
    public static Architecture of(String word) {
        return Arrays.stream(values())
                .filter(a -> a.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new Problem(
                                "architecture.unknown",
                                "'" + Text.shortened(word, 40) + "' is not an architecture that Skerry knows.",
                                "Use one of "
                                        + Arrays.stream(values())
                                                .map(Architecture::word)
                                                .collect(Collectors.joining(", "))
                                        + ".")
                        .asException());
    }

    /** The architecture that Java's {@code os.arch} names, if it is one of ours. */
    public static Optional<Architecture> ofJava(String osArch) {
        return switch (osArch) {
            case "amd64", "x86_64" -> Optional.of(AMD64);
            case "aarch64" -> Optional.of(ARM64);
            case "arm" -> Optional.of(ARMHF);
            default -> Optional.empty();
        };
    }
}
