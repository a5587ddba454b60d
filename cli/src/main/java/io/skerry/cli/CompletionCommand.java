package io.skerry.cli;

import io.skerry.cli.output.ExitCode;
import io.skerry.cli.session.CommandContext;
import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes the script by which a shell completes this program's words. */
@Command(
        name = "completion",
        description = {
            "Write a script that completes this program's words in your shell.",
            "bash: source <(skerry completion bash)",
            "zsh:  source <(skerry completion zsh)"
        })
final class CompletionCommand implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
    private String shell = "";

    @Spec
    private @Nullable CommandSpec spec;

    CompletionCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (!shell.equals("bash") && !shell.equals("zsh")) {
            throw new Problem(
                            "usage.shell",
                            "There is no completion for '" + Text.shortened(shell, 40) + "'.",
                            "Write bash or zsh.")
                    .asException();
        }
        if (spec == null) {
            throw new IllegalStateException("the command line sets it");
        }
        // One script serves both: under zsh it loads zsh's own bashcompinit.
        context.surroundings()
                .terminal()
                .out()
                .println(AutoComplete.bash("skerry", spec.root().commandLine()));
        return ExitCode.DONE.number();
    }
}
