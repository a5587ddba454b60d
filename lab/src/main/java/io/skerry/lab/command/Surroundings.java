package io.skerry.lab.command;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where a command of the lab runs.
 *
 * @param skerry how the caller wrote the launcher's name
 * @param folder the lab's folder: {@code .skerry} of the checkout, or as a device of another lab says
 * @param out for what a command has come to, so that a script can take it
 * @param err for problems
 * @param progress on the way there, on the error stream too
 */
record Surroundings(String skerry, Path folder, PrintStream out, PrintStream err, ConsoleProgress progress) {
    /**
     * As the launcher says it.
     *
     * @param environment {@code SKERRY_COMMAND}, {@code SKERRY_CHECKOUT} and, where stderr is a terminal, {@code
     *     SKERRY_TERMINAL} are set by the launcher, {@code SKERRY_LAB} by a virtual device that reboots
     */
    static Surroundings of(Map<String, String> environment, Path here, PrintStream out, PrintStream err) {
        Path checkout = Path.of(environment.getOrDefault("SKERRY_CHECKOUT", here.toString()));
        return new Surroundings(
                environment.getOrDefault("SKERRY_COMMAND", "./skerry"),
                Path.of(environment.getOrDefault(
                        "SKERRY_LAB",
                        checkout.toAbsolutePath().normalize().resolve(".skerry").toString())),
                out,
                err,
                new ConsoleProgress(err, environment.containsKey("SKERRY_TERMINAL")));
    }
}
