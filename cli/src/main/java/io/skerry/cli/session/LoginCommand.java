package io.skerry.cli.session;

import io.avaje.jsonb.Json;
import io.skerry.cli.api.Customer;
import io.skerry.cli.api.Documents;
import io.skerry.cli.api.Endpoint;
import io.skerry.cli.api.Fingerprints;
import io.skerry.cli.api.Fleet;
import io.skerry.cli.api.PeoplesDoor;
import io.skerry.cli.api.PersonsKey;
import io.skerry.cli.api.Trust;
import io.skerry.cli.output.ExitCode;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks an address and a key against the cloud and keeps them. */
@Command(
        name = "login",
        description = {
            "Log in to a cloud; later commands use this login.",
            "The API key is asked for, or read from --key-file or SKERRY_API_KEY; never from an argument. With --browser you log in as"
                    + " yourself, where the cloud knows an OpenID provider."
        })
public final class LoginCommand implements Callable<Integer> {
    private static final String USUAL_PROFILE = "default";
    private static final Duration MOMENT = Duration.ofMillis(500);
    private static final int MOMENTS = 4;

    private final CommandContext context;

    @Parameters(
            paramLabel = "URL",
            arity = "0..1",
            description = "The cloud's operators' address, like https://cloud.example:7443; without it SKERRY_URL.")
    private Optional<String> url = Optional.empty();

    @ArgGroup
    private TrustOptions trust = new TrustOptions();

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description = "Read the API key from here; - is the standard input.")
    private Optional<String> keyFile = Optional.empty();

    @Option(
            names = "--browser",
            description = "Log in as yourself, in a browser on this machine, instead of with an API key.")
    private boolean browser;

    /** By what the cloud is known. */
    static final class TrustOptions {
        @Option(
                names = "--ca-file",
                paramLabel = "FILE",
                description =
                        "The cloud's certificate authority (PEM); only it is trusted for this login. Without it the"
                                + " system's authorities.")
        private Optional<String> caFile = Optional.empty();

        @Option(
                names = "--fingerprint",
                paramLabel = "SHA256",
                description = "Trust the certificate with this fingerprint, among those that the cloud presents.")
        private Optional<String> fingerprint = Optional.empty();
    }

    /** What a script reads. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Result(String profile, String url, List<Customer> customers) {}

    public LoginCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Logins logins = new Logins(context.surroundings());
        Endpoint endpoint = Endpoint.parse(url.or(() -> logins.variable("SKERRY_URL"))
                .orElseThrow(() -> new Problem(
                                "usage.url",
                                "Which cloud is not said.",
                                "Give its address: skerry login https://cloud.example:7443.")
                        .asException()));
        Optional<String> authorities = authorities(logins, endpoint);
        Optional<PersonsKey> person = browser ? Optional.of(personsKey(endpoint, authorities)) : Optional.empty();
        String key = person.map(PersonsKey::apiKey).orElseGet(() -> key(logins));
        Fleet fleet = authorities.map(pem -> Fleet.at(endpoint, key, pem)).orElseGet(() -> Fleet.at(endpoint, key));
        Session session = new Session(fleet, Optional.empty(), context.options().customer());
        List<Customer> customers = person.isPresent() ? patiently(session) : session.customers();
        String name = context.options()
                .profile()
                .or(() -> logins.variable("SKERRY_PROFILE"))
                .orElse(USUAL_PROFILE);
        Optional<String> customer =
                context.options().customer().map(wanted -> customers.getFirst().customerId());
        var profile =
                new Profile(name, endpoint.toString(), key, authorities, customer, person.map(PersonsKey::expiresAt));
        logins.file().write(logins.file().read().with(profile));
        context.output()
                .show(
                        Documents.of(Result.class),
                        new Result(name, endpoint.toString(), customers),
                        (result, view) -> List.of("Logged in to " + result.url()
                                + person.map(p -> " as " + p.name() + ", for " + view.until(p.expiresAt()))
                                        .orElse("")
                                + " (profile " + result.profile() + "); " + said(result.customers())));
        return ExitCode.DONE.number();
    }

    /** Of several control planes on one database, another one than made the key hears of it a moment later. */
    private List<Customer> patiently(Session session) {
        for (int left = MOMENTS; ; left--) {
            try {
                return session.customers();
            } catch (ProblemException e) {
                if (left == 0 || !e.code().equals("session.key-refused")) {
                    throw e;
                }
                context.surroundings().pause().of(MOMENT);
            }
        }
    }

    private Optional<String> authorities(Logins logins, Endpoint endpoint) {
        if (trust.fingerprint.isPresent()) {
            return trust.fingerprint.map(f -> Fingerprints.certificateOf(endpoint, f));
        }
        return trust.caFile
                .or(() -> logins.variable("SKERRY_CA_FILE"))
                .map(file -> Trust.certificates(context.secrets().text(file)));
    }

    private PersonsKey personsKey(Endpoint endpoint, Optional<String> authorities) {
        if (keyFile.isPresent()) {
            throw new Problem("usage.arguments", "--browser and --key-file are two ways to log in.", "Use one of them.")
                    .asException();
        }
        PeoplesDoor door = Logins.door(endpoint, authorities);
        return new BrowserLogin(
                        door,
                        context.surroundings().browser(),
                        context.surroundings().terminal().err(),
                        new SecureRandom())
                .key(context.options().customer());
    }

    private String key(Logins logins) {
        return keyFile.map(file -> context.secrets().fromFile("API key", file))
                .or(() -> logins.variable("SKERRY_API_KEY").map(String::strip))
                .orElseGet(() -> context.secrets()
                        .asked(
                                "API key:",
                                "Give the key by --key-file FILE (- for the standard input) or SKERRY_API_KEY."));
    }

    private static String said(List<Customer> customers) {
        return switch (customers.size()) {
            case 0 -> "there is no customer yet.";
            case 1 -> "customer " + customers.getFirst().name() + ".";
            default ->
                customers.size() + " customers: "
                        + customers.stream().map(Customer::name).limit(5).collect(Collectors.joining(", "))
                        + (customers.size() > 5 ? ", …" : "") + ".";
        };
    }
}
