package io.skerry.lab.command;

import io.skerry.lab.Installation;
import io.skerry.lab.Lab;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.util.function.Consumer;

/** A command that works on the lab of this checkout. */
abstract class LabCommand {
    private final Surroundings surroundings;

    LabCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    final Surroundings surroundings() {
        return surroundings;
    }

    /** @throws ProblemException {@code lab.none} when there is no lab yet */
    final void withLab(Consumer<Lab> action) {
        try (Lab lab = Lab.existing(Installation.ofCheckout(), surroundings.folder())
                .orElseThrow(() ->
                        new Problem("lab.none", "There is no lab here yet.", "Make one: ./skerry up").asException())) {
            action.accept(lab);
        }
    }
}
