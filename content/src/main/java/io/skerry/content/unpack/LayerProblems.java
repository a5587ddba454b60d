package io.skerry.content.unpack;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;

/** What can be wrong with a layer, in words. */
final class LayerProblems {
    private static final String REMEDY = "Build and push the image again; a layer like this can't be used.";

    private LayerProblems() {}

    /** @param why a clause: "its archive ends early" */
    static ProblemException corrupt(String why) {
        return corruptProblem(why).asException();
    }

    /** What reading the archive threw: the archive's fault, unless the thread was told to stop. */
    static ProblemException corrupt(String why, Throwable cause) {
        if (cause instanceof ClosedByInterruptException || cause instanceof InterruptedIOException) {
            return interrupted(cause);
        }
        String detail = cause.getMessage() == null ? "" : " (" + Text.shortened(cause.getMessage(), 120) + ")";
        return corruptProblem(why + detail).asException(cause);
    }

    static ProblemException tooLarge(String what) {
        return new Problem(
                        "image.too-large",
                        "A layer of the image has more than " + what + ".",
                        "Use a smaller image, or raise the limit if this one is meant to be so large.")
                .asException();
    }

    static ProblemException unsupported(String what, Throwable cause) {
        return new Problem("image.unsupported", what, "Unpack on a Linux file system such as ext4, as root.")
                .asException(cause);
    }

    static ProblemException interrupted(Throwable cause) {
        return new Problem("image.interrupted", "Unpacking a layer was interrupted.").asException(cause);
    }

    private static Problem corruptProblem(String why) {
        return new Problem("image.corrupt", "A layer of the image can't be unpacked: " + why + ".", REMEDY);
    }
}
