package io.skerry.cli.session;

import io.skerry.cli.output.Terminal;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

/**
 * What the program finds where it is started.
 *
 * @param terminal where it writes
 * @param input its standard input
 * @param environment its environment variables
 * @param settings the folder for what it keeps
 * @param prompt how a person is asked
 * @param clock for ages and time limits
 * @param pause how it waits
 * @param browser in which people log in
 */
public record Surroundings(
        Terminal terminal,
        InputStream input,
        Map<String, String> environment,
        Path settings,
        Prompt prompt,
        InstantSource clock,
        Pause pause,
        Browser browser) {

    /** The process's own. */
    public static Surroundings ofProcess() {
        Map<String, String> environment = System.getenv();
        return new Surroundings(
                Terminal.ofProcess(environment),
                System.in,
                environment,
                settings(environment),
                new ConsolePrompt(),
                InstantSource.system(),
                Pause.REAL,
                Browser.ofDesktop(environment));
    }

    /** XDG Base Directory Specification: {@code $XDG_CONFIG_HOME} if absolute, else {@code ~/.config}. */
    static Path settings(Map<String, String> environment) {
        Path config = Path.of(environment.getOrDefault("XDG_CONFIG_HOME", ""));
        Path home = Path.of(environment.getOrDefault("HOME", System.getProperty("user.home", "/")));
        return (config.isAbsolute() ? config : home.resolve(".config")).resolve("skerry");
    }
}
