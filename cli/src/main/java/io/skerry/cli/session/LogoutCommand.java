package io.skerry.cli.session;

import io.avaje.jsonb.Json;
import io.skerry.cli.api.Documents;
import io.skerry.cli.api.Endpoint;
import io.skerry.cli.output.ExitCode;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Forgets a login. */
@Command(
        name = "logout",
        description =
                "Forget the login of --profile, or the current one. One made with --browser ends; an API key stays valid.")
public final class LogoutCommand implements Callable<Integer> {
    private final CommandContext context;

    /** What a script reads. */
    @Json
    record Result(String profile) {}

    public LogoutCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Logins logins = new Logins(context.surroundings());
        Profiles all = logins.file().read();
        String name = context.options()
                .profile()
                .or(() -> logins.variable("SKERRY_PROFILE"))
                .or(all::current)
                .filter(n -> all.named(n).isPresent())
                .orElseThrow(() -> new Problem(
                                "session.none",
                                context.options()
                                        .profile()
                                        .map(p -> "There is no profile '" + Text.shortened(p, 80) + "'.")
                                        .orElse("You are not logged in."),
                                "")
                        .asException());
        all.named(name).filter(p -> p.loginUntil().isPresent()).ifPresent(this::end);
        logins.file().write(all.without(name));
        context.output()
                .show(
                        Documents.of(Result.class),
                        new Result(name),
                        (result, view) -> List.of("Logged out (profile " + result.profile() + ")."));
        return ExitCode.DONE.number();
    }

    /** It is forgotten here even when the cloud can't be told. */
    private void end(Profile profile) {
        try {
            Logins.door(Endpoint.parse(profile.url()), profile.authorities()).logOut(profile.apiKey());
        } catch (ProblemException e) {
            context.surroundings()
                    .terminal()
                    .err()
                    .println("skerry: The login is forgotten here, but goes on until its time is over: "
                            + e.problem().message());
        }
    }
}
