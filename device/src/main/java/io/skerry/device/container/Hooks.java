package io.skerry.device.container;

import io.skerry.device.host.CommandResult;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import io.skerry.spec.desired.UpdateRules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs the hooks of updates in containers. Each has a control group of its own within its container's, so that all that it
 * started can be found when it takes too long or isn't wanted any more, also what left its process group.
 */
final class Hooks {
    private static final Duration KILL_LIMIT = Duration.ofSeconds(5);
    private static final String PREFIX = "hook-";
    private static final String SUFFIX = ".pid";
    private static final int LINES = 5;
    private static final int LONGEST_SAID = 400;

    private final Runc runc;
    private final Cgroups cgroups;

    Hooks(Runc runc, Cgroups cgroups) {
        this.runc = runc;
        this.cgroups = cgroups;
    }

    /**
     * Runs a hook in a container that runs; what went wrong. A thread that is interrupted meanwhile ends it.
     *
     * @param group the container's control group
     * @param grace how long it may go on once it was told to end
     * @throws ProblemException {@code host.command-interrupted}; the hook is over
     */
    Optional<Problem> run(ContainerFolder folder, String group, UpdateRules.Hook hook, Duration grace) {
        String own = PREFIX + Long.toHexString(System.nanoTime());
        Path pidFile = folder.notes().resolve(own + SUFFIX);
        Duration limit = Duration.ofSeconds(Math.max(1, hook.timeoutSeconds()));
        boolean over = false;
        try {
            // Before it begins, so that the next daemon knows of it.
            Files.writeString(pidFile, "");
            List<String> options = cgroups.makeWithin(group, own)
                    .map(name -> List.of("--cgroup", name))
                    .orElse(List.of());
            CommandResult result = endable(
                    () -> runc.execute(folder, pidFile, options, hook.command(), limit),
                    () -> cgroups.endWithin(group, own, grace, KILL_LIMIT));
            over = true;
            return result.succeeded() ? Optional.empty() : Optional.of(failed(folder, hook, ending(result)));
        } catch (ProblemException e) {
            return switch (e.code()) {
                case "host.command-interrupted" -> throw e;
                case "host.command-timeout" -> Optional.of(timeout(folder, hook));
                default ->
                    Optional.of(
                            failed(folder, hook, "can't be run: " + e.problem().message()));
            };
        } catch (IOException e) {
            return Optional.of(failed(folder, hook, "can't be run: " + e.getMessage()));
        } finally {
            if (!over) {
                cgroups.killWithin(group, own, KILL_LIMIT);
            }
            cgroups.removeWithin(group, own);
        }
    }

    /** On a thread of its own: what a hook says while it ends goes through runc, which mustn't be killed before it. */
    private static CommandResult endable(Callable<CommandResult> command, Runnable end) {
        try (ExecutorService own = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<CommandResult> running = own.submit(command);
            try {
                return running.get();
            } catch (InterruptedException e) {
                end.run();
                // If it hadn't begun.
                running.cancel(true);
                Thread.currentThread().interrupt();
                throw new Problem("host.command-interrupted", "A hook was told to end.").asException(e);
            } catch (ExecutionException e) {
                switch (e.getCause()) {
                    case ProblemException problem -> throw problem;
                    case null, default ->
                        throw new IllegalStateException("running a command doesn't fail otherwise", e);
                }
            }
        }
    }

    /** Kills the hook in which an earlier daemon process ended, so that none runs twice. */
    void killLeftOver(ContainerFolder folder, String group) {
        if (!Files.isDirectory(folder.notes())) {
            return;
        }
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder.notes(), PREFIX + "*" + SUFFIX)) {
            for (Path file : left) {
                String name = String.valueOf(file.getFileName());
                String own = name.substring(0, name.length() - SUFFIX.length());
                cgroups.killWithin(group, own, KILL_LIMIT);
                cgroups.removeWithin(group, own);
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** That a hook's container isn't there to run it. */
    static Problem nowhere(String name, UpdateRules.Hook hook) {
        return new Problem(
                "hook.failed",
                "The hook '" + said(hook) + "' of '" + name + "' can't be run, because the container doesn't run.",
                "Look at how the container ended.");
    }

    private static Problem failed(ContainerFolder folder, UpdateRules.Hook hook, String how) {
        return new Problem(
                "hook.failed",
                "The hook '" + said(hook) + "' of '" + folder.name() + "' " + how + ".",
                "Look at what the hook says, and at the container's log.");
    }

    private static Problem timeout(ContainerFolder folder, UpdateRules.Hook hook) {
        return new Problem(
                "hook.timeout",
                "The hook '" + said(hook) + "' of '" + folder.name() + "' wasn't over after " + hook.timeoutSeconds()
                        + " s and was killed.",
                "Give it more time, or look at what it waits for; it is over when its output is closed.");
    }

    private static String said(UpdateRules.Hook hook) {
        return Text.shortened(String.join(" ", hook.command()), 100);
    }

    /** The exit code and the last lines, the end of which says most. */
    static String ending(CommandResult result) {
        List<String> lines = (result.out() + "\n" + result.err())
                .lines()
                .map(String::strip)
                .filter(l -> !l.isEmpty())
                .toList();
        String last = String.join(" / ", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
        String brief = last.length() <= LONGEST_SAID ? last : "…" + last.substring(last.length() - LONGEST_SAID + 1);
        return "ended with " + result.exitCode() + (brief.isEmpty() ? "" : ": " + Text.shortened(brief, LONGEST_SAID));
    }
}
