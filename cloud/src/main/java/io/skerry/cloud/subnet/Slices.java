package io.skerry.cloud.subnet;

import io.skerry.spec.network.Subnet;
import java.util.Optional;

/** The slices of a range template: slice k begins k times its size behind the template's own (seed 002). Pure. */
final class Slices {
    private final Subnet provided;
    private final Subnet template;

    /** @param template within {@code provided} */
    Slices(Subnet provided, Subnet template) {
        this.provided = provided;
        this.template = template;
    }

    /**
     * The lowest slice that nothing reaches into; nothing when there is none.
     *
     * @param taken by their lowest addresses; they may overlap each other
     */
    Optional<AddressBlock> free(Iterable<AddressBlock> taken) {
        long size = template.size();
        long next = template.first();
        for (AddressBlock block : taken) {
            // INVARIANT: no block so far reaches to next or beyond.
            if (block.first() > next + size - 1) {
                break;
            }
            if (block.last() >= next) {
                next = (block.last() / size + 1) * size;
            }
        }
        long last = next + size - 1;
        return last > provided.last() ? Optional.empty() : Optional.of(new AddressBlock(next, last));
    }

    /** How many there are, taken or not. */
    long count() {
        return (provided.last() - template.first() + 1) / template.size();
    }

    /** What they all lie in. */
    AddressBlock bounds() {
        return new AddressBlock(template.first(), provided.last());
    }
}
