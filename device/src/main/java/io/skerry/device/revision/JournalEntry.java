package io.skerry.device.revision;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.JsonType;
import io.skerry.spec.Problem;
import io.skerry.spec.Required;
import io.skerry.spec.Wire;
import java.util.Optional;

/**
 * One line of a revision's journal.
 *
 * @param attempt the how-manieth switch to the revision this belongs to; 0 while it is prepared
 * @param way where the steps lead
 * @param step in words
 * @param kind the step's type, as plans name it
 * @param mark what is said of it
 * @param boot what the machine calls the boot in which it was written
 * @param at milliseconds since 1970 by the device's clock, which may be wrong
 * @param problem why it failed
 */
@Json
record JournalEntry(
        int attempt, Way way, String step, String kind, Mark mark, String boot, long at, Optional<Problem> problem) {
    static final JsonType<JournalEntry> JSON = Wire.lenient(JournalEntry.class);

    JournalEntry {
        Required.field(way, "way");
        Required.field(step, "step");
        Required.field(kind, "kind");
        Required.field(mark, "mark");
        Required.field(boot, "boot");
        Required.field(problem, "problem");
    }

    boolean isReboot() {
        return kind.equals("reboot");
    }

    /** What a line says of a step. */
    enum Mark {
        BEGUN("begun"),
        DONE("done"),
        FAILED("failed");

        private final String word;

        Mark(String word) {
            this.word = word;
        }

        @Json.Value
        public String word() {
            return word;
        }
    }
}
