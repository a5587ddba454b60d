package io.skerry.cli.session;

import io.avaje.jsonb.Json;
import io.skerry.spec.Required;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All logins.
 *
 * @param current the name of the one that is used when none is named; empty when there is none
 */
@Json
record Profiles(Optional<String> current, List<Profile> profiles) {
    static final Profiles NONE = new Profiles(Optional.empty(), List.of());

    Profiles {
        Required.field(current, "current");
        Required.field(profiles, "profiles");
        profiles = List.copyOf(profiles);
    }

    Optional<Profile> named(String name) {
        return profiles.stream().filter(p -> p.name().equals(name)).findFirst();
    }

    /** With this login added, or in the place of the one with its name, and current. */
    Profiles with(Profile profile) {
        return new Profiles(
                Optional.of(profile.name()),
                Stream.concat(without(profile.name()).profiles().stream(), Stream.of(profile))
                        .toList());
    }

    /** Without the login of this name; if it was the current one, there is no current one. */
    Profiles without(String name) {
        return new Profiles(
                current.filter(c -> !c.equals(name)),
                profiles.stream().filter(p -> !p.name().equals(name)).toList());
    }
}
