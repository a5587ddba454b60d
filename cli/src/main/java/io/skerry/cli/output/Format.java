package io.skerry.cli.output;

/** For whom an answer is written. */
public enum Format {
    HUMAN,
    JSON
}
