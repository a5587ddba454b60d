package io.skerry.cloud.webhook;

import io.skerry.spec.Problem;
import java.util.Optional;

/**
 * One try to deliver.
 *
 * @param number from 1
 * @param at when it began, milliseconds since 1970
 * @param millis how long it took
 * @param status of the answer, if there was one
 * @param problem why it wasn't taken; empty: it was
 * @param answer how the answer began
 */
public record Attempt(
        int number, long at, long millis, Optional<Integer> status, Optional<Problem> problem, String answer) {}
