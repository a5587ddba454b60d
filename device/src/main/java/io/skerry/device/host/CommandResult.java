package io.skerry.device.host;

import io.skerry.content.files.DurableFiles;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;

/**
 * How a host's tool ended by itself.
 *
 * @param program its name
 * @param exitCode 128 and the signal's number when a signal ended it
 * @param out at most {@link HostCommands#CAPTURED_BYTES} of its standard output, secrets blotted out
 * @param err as much of its standard error
 */
public record CommandResult(String program, int exitCode, String out, String err) {
    public boolean succeeded() {
        return exitCode == 0;
    }

    /**
     * This result, if the tool ended with 0.
     *
     * @throws ProblemException {@code host.command-failed} with what the tool said last, or {@code disk.full} or {@code disk.failed}
     *     when it says that
     */
    public CommandResult orFail() {
        if (!succeeded()) {
            String sentence = ending() + ".";
            throw DurableFiles.told(sentence, err)
                    .orElseGet(() ->
                            new Problem("host.command-failed", sentence, "Look at what the host's log says of it."))
                    .asException();
        }
        return this;
    }

    /** How it ended, with what it said if it said anything, for a sentence. */
    public String ending() {
        String complaint = complaint();
        return "'" + program + "' ended with " + exitCode + (complaint.isEmpty() ? "" : ": " + complaint);
    }

    /** The last line that it wrote to its standard error (else its output), at most 400 characters. */
    public String complaint() {
        String said = err.isBlank() ? out.strip() : err.strip();
        return Text.shortened(said.substring(said.lastIndexOf('\n') + 1), 400);
    }
}
