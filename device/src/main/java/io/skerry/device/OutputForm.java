package io.skerry.device;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;

/** In which form a command tells its result. */
enum OutputForm {
    HUMAN,
    JSON;

    /** @throws ProblemException {@code usage} */
    static OutputForm of(String word) {
        return switch (word) {
            case "human" -> HUMAN;
            case "json" -> JSON;
            default ->
                throw new Problem(
                                "usage",
                                "'" + Text.shortened(word, 40) + "' can't be the value of --output.",
                                "Use human or json.")
                        .asException();
        };
    }
}
