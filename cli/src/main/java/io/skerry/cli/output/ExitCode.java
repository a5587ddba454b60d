package io.skerry.cli.output;

import io.skerry.spec.Problem;

/** What the program tells the shell when it ends. */
public enum ExitCode {
    DONE(0, "Done."),
    FAILED(1, "The cloud refused or couldn't do it, or a roll-out had failures."),
    USAGE(2, "The command line is wrong; nothing was sent."),
    NO_CLOUD(3, "The cloud can't be reached or trusted, or you are not logged in."),
    NOT_ALLOWED(4, "The API key isn't allowed to do this."),
    TIMED_OUT(124, "The time given by --timeout is over.");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    public int number() {
        return number;
    }

    public String meaning() {
        return meaning;
    }

    /** The code under which a problem ends the program, told from the problem's own code. */
    public static ExitCode of(Problem problem) {
        String code = problem.code();
        String area = code.substring(0, Math.max(0, code.indexOf('.')));
        return switch (code) {
            case "cloud.unreachable",
                    "cloud.untrusted",
                    "cloud.not-skerry",
                    "cloud.fingerprint-unknown",
                    "path.unknown" -> NO_CLOUD;
            case "api-key.not-enough", "authorization.installation", "access.denied" -> NOT_ALLOWED;
            case "rollout.timed-out" -> TIMED_OUT;
            default ->
                switch (area) {
                    case "usage" -> USAGE;
                    case "session" -> NO_CLOUD;
                    default -> FAILED;
                };
        };
    }
}
