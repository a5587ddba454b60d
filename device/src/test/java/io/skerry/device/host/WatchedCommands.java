package io.skerry.device.host;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The host's tools, of each run of which somebody is told while it goes on and when it is over. Whoever asked for it may not
 * come back from being told; the tool goes on then, as it does when its daemon is killed.
 */
public final class WatchedCommands extends HostCommands {
    private final Observer observer;

    /** Who is told. */
    public interface Observer {
        /** It is about to begin. */
        void begins();

        /** It has begun. */
        void runs(List<String> arguments);

        /** It has ended. */
        void ended(List<String> arguments);
    }

    public WatchedCommands(Path owner, Observer observer) {
        super(owner);
        this.observer = observer;
    }

    @Override
    public CommandResult run(HostCommand command) {
        observer.begins();
        CompletableFuture<CommandResult> result = new CompletableFuture<>();
        Thread tool = Thread.ofVirtual().name("tool-" + command).start(() -> {
            try {
                result.complete(super.run(command));
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        observer.runs(command.arguments());
        CommandResult ended = await(tool, result);
        observer.ended(command.arguments());
        return ended;
    }

    /** An interruption is the tool's. */
    private static CommandResult await(Thread tool, CompletableFuture<CommandResult> result) {
        boolean interrupted = false;
        while (true) {
            try {
                tool.join();
                break;
            } catch (InterruptedException _) {
                interrupted = true;
                tool.interrupt();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        try {
            return result.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
