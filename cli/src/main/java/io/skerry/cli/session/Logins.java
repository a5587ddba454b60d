package io.skerry.cli.session;

import io.skerry.cli.api.Endpoint;
import io.skerry.cli.api.Fleet;
import io.skerry.cli.api.PeoplesDoor;
import io.skerry.cli.api.Trust;
import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.util.Map;
import java.util.Optional;

/** Finds the login that a command is to use. */
final class Logins {
    private final Surroundings surroundings;
    private final ProfileFile file;

    Logins(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.file = new ProfileFile(surroundings.settings());
    }

    /** Where people log in to that cloud, and out of it. */
    static PeoplesDoor door(
            Endpoint endpoint, @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<String> authorities) {
        return authorities.map(pem -> PeoplesDoor.at(endpoint, pem)).orElseGet(() -> PeoplesDoor.at(endpoint));
    }

    ProfileFile file() {
        return file;
    }

    /** An environment variable that is set and not empty. */
    Optional<String> variable(String name) {
        Map<String, String> environment = surroundings.environment();
        return Optional.ofNullable(environment.get(name)).filter(v -> !v.isBlank());
    }

    /** {@code --profile}, else the environment's address and key, else {@code SKERRY_PROFILE}, else the last login. */
    Session session(GlobalOptions options) {
        Optional<String> customer = options.customer().or(() -> variable("SKERRY_CUSTOMER"));
        if (options.profile().isEmpty() && variable("SKERRY_URL").isPresent()) {
            return ofEnvironment(customer);
        }
        Profile profile = profile(options);
        Endpoint endpoint = Endpoint.parse(profile.url());
        String key =
                options.profile().isEmpty() ? variable("SKERRY_API_KEY").orElse(profile.apiKey()) : profile.apiKey();
        Fleet fleet =
                profile.authorities().map(pem -> Fleet.at(endpoint, key, pem)).orElseGet(() -> Fleet.at(endpoint, key));
        return new Session(fleet, Optional.of(profile.name()), customer.or(profile::customer));
    }

    private Session ofEnvironment(Optional<String> customer) {
        Endpoint endpoint = Endpoint.parse(variable("SKERRY_URL").orElseThrow());
        String key = variable("SKERRY_API_KEY")
                .orElseThrow(() -> new Problem(
                                "session.none",
                                "SKERRY_URL is set, but SKERRY_API_KEY is not.",
                                "Set both, or neither and log in: skerry login URL.")
                        .asException());
        Fleet fleet = variable("SKERRY_CA_FILE")
                .map(ca -> Trust.certificates(new Secrets(surroundings).text(ca)))
                .map(pem -> Fleet.at(endpoint, key, pem))
                .orElseGet(() -> Fleet.at(endpoint, key));
        return new Session(fleet, Optional.empty(), customer);
    }

    private Profile profile(GlobalOptions options) {
        Profiles all = file.read();
        Optional<String> name = options.profile().or(() -> variable("SKERRY_PROFILE"));
        if (name.isPresent()) {
            return all.named(name.get())
                    .orElseThrow(() -> new Problem(
                                    "session.none",
                                    "There is no profile '" + Text.shortened(name.get(), 80) + "'.",
                                    "Log in: skerry login URL --profile " + Text.shortened(name.get(), 80) + ".")
                            .asException());
        }
        return all.current()
                .flatMap(all::named)
                .orElseThrow(() -> new Problem(
                                "session.none",
                                "You are not logged in to a cloud.",
                                "Start one on this machine by 'skerry up', or log in: skerry login URL.")
                        .asException());
    }
}
