package io.skerry.cloud.desired;

import io.skerry.spec.Problem;
import java.util.Optional;

/** What an instance's device is asked to run for it. */
public sealed interface Target {
    /** The version that the device is asked to run, if any. */
    Optional<Long> version();

    /** The version that its selector names, or a roll-out has come to; its device may not be able to have it. */
    Optional<Long> asked();

    /** The version that the instance's selector names. */
    record Runs(long chosen) implements Target {
        @Override
        public Optional<Long> version() {
            return Optional.of(chosen);
        }

        @Override
        public Optional<Long> asked() {
            return Optional.of(chosen);
        }
    }

    /**
     * The device can't have the version that the selector names.
     *
     * @param problem why
     * @param chosen the version that it can't have
     * @param kept the version that it keeps instead, if it has one
     */
    record Refused(Problem problem, long chosen, Optional<Long> kept) implements Target {
        @Override
        public Optional<Long> version() {
            return kept;
        }

        @Override
        public Optional<Long> asked() {
            return Optional.of(chosen);
        }
    }

    /** Disabled before it ever had a version. */
    record Nothing() implements Target {
        @Override
        public Optional<Long> version() {
            return Optional.empty();
        }

        @Override
        public Optional<Long> asked() {
            return Optional.empty();
        }
    }
}
