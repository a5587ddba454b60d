package io.skerry.cli.session;

import io.skerry.cli.output.Format;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every command takes. */
public final class GlobalOptions {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            scope = ScopeType.INHERIT,
            defaultValue = "human",
            description = "human (default), or json: one document on the standard output.")
    private Format format = Format.HUMAN;

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description =
                    "Which login to use; without it SKERRY_URL and SKERRY_API_KEY, SKERRY_PROFILE, or the last login.")
    private Optional<String> profile = Optional.empty();

    @Option(
            names = "--customer",
            paramLabel = "CUSTOMER",
            scope = ScopeType.INHERIT,
            description = "Whose fleet, by name or id; without it SKERRY_CUSTOMER, the profile's, or the only one.")
    private Optional<String> customer = Optional.empty();

    @Option(
            names = "--no-color",
            scope = ScopeType.INHERIT,
            description = "No colours (as NO_COLOR in the environment).")
    private boolean withoutColours;

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "With a failure, show where in the program it came up.")
    private boolean debug;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help.")
    private boolean help;

    public Format format() {
        return format;
    }

    public Optional<String> profile() {
        return profile;
    }

    public Optional<String> customer() {
        return customer;
    }

    public boolean withoutColours() {
        return withoutColours;
    }

    public boolean debug() {
        return debug;
    }

    public boolean help() {
        return help;
    }
}
