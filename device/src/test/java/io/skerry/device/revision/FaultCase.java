package io.skerry.device.revision;

import io.skerry.device.revision.Places.Place;
import io.skerry.device.revision.Places.Strike;

/**
 * One fault, at one place of what a device does.
 *
 * @param kind of the step that is struck, or {@code state} for what lies between steps
 * @param detail what distinguishes it from others at the same place
 * @param laying how it is laid
 */
record FaultCase(
        Scenario scenario, String kind, Fault fault, Place place, String detail, Ending ending, Laying laying) {
    /** What can happen to a step. */
    enum Fault {
        KILLED_BEFORE("killed before"),
        KILLED_AFTER("killed after"),
        KILLED_INSIDE("killed inside"),
        ERROR("error"),
        TIMEOUT("timeout"),
        NO_SPACE("no space"),
        CORRUPT_INPUT("corrupt input");

        private final String words;

        Fault(String words) {
            this.words = words;
        }
    }

    /** What must come of it. */
    sealed interface Ending {
        /** What comes without a fault, too. */
        record Goal() implements Ending {}

        /** The container that the problem is about is kept back as it was, or all when it is about none; until it is asked again. */
        record HeldBack(String code) implements Ending {}

        /** One of these two, whatever the problem. */
        record Either() implements Ending {}
    }

    /** What makes the strike. */
    @FunctionalInterface
    interface Laying {
        Strike on(Rig rig);
    }

    @Override
    public String toString() {
        return fault.words + (detail.isEmpty() ? "" : ", " + detail) + ": "
                + place.toString().replaceAll("sha256:([0-9a-f]{6})[0-9a-f]*", "$1");
    }
}
