package io.skerry.cli.api;

/** What an operator does with a roll-out that there is. */
public enum RolloutStep {
    PAUSE,
    RESUME,
    APPROVE,
    ABORT,
    REVERT
}
