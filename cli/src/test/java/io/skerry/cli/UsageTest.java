package io.skerry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageTest {
    @TempDir
    private Path settings;

    private Operator.Result runs(String... arguments) {
        return new Operator(settings).runs(arguments);
    }

    @Test
    void withoutAWordTheHelpIsShownWithTheOtherProgramsWords() {
        Operator.Result result = runs();
        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("rollout", "On this machine:", "  up ", "  cloud ");
    }

    @Test
    void typingMistakesGetSuggestions() {
        assertThat(runs("sevice", "ls").err())
                .startsWith("skerry: skerry has no command 'sevice'. Did you mean service");
        assertThat(runs("service", "imprt").err())
                .startsWith("skerry: skerry service has no command 'imprt'. Did you mean import");
        assertThat(runs("sevice").code()).isEqualTo(2);
    }

    @Test
    void aWordTooManyAndAnUnknownOptionAreNamed() {
        assertThat(runs("node", "ls", "quay").err())
                .isEqualTo("skerry: 'quay' is one word too many for skerry node ls. See skerry node ls --help.\n");
        assertThat(runs("node", "ls", "--outptu", "json").err()).contains("Unknown option");
    }

    @Test
    void aNounAloneSaysItsVerbs() {
        Operator.Result result = runs("node");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("Say what to do: ls, show, claim, set, rm.");
    }

    @Test
    void usageErrorsAreJsonForScriptsToo() {
        Operator.Result result = runs("instance", "pin", "--output", "json");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).startsWith("{\"error\":{\"code\":\"usage.arguments\"");
    }

    @Test
    void everyCommandHasHelp() {
        assertThat(runs("service", "import", "--help").out()).contains("--image=ARCH=REF", "--health-http");
        assertThat(runs("help", "rollout", "watch").out()).contains("--timeout");
        assertThat(runs("help", "exit-codes").out()).contains("  124  The time");
        assertThat(runs("help", "nonsense").code()).isEqualTo(2);
    }

    @Test
    void theCompletionScriptKnowsTheCommands() {
        assertThat(runs("completion", "bash").out()).contains("complete -F", "rollout", "--health-http");
        assertThat(runs("completion", "zsh").out()).contains("bashcompinit");
        assertThat(runs("completion", "fish").code()).isEqualTo(2);
    }

    @Test
    void theVersionIsTheBuilds() {
        assertThat(runs("version").out()).matches("skerry [0-9]+\\.[0-9]+\\.[0-9]+\\S*\n");
    }
}
