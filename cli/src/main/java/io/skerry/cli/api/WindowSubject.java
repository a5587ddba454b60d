package io.skerry.cli.api;

/**
 * Whose update windows are meant.
 *
 * @param argument as the API calls its id: {@code node_id}
 */
public record WindowSubject(String argument, String id) {}
