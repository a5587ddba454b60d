package io.skerry.content.registry;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** When to try again, how often, and the waiting for it. */
final class Retries {
    /** Waits; a test's doesn't. */
    interface Pause {
        void of(Duration time) throws InterruptedException;
    }

    private static final int MOST = 5;
    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofSeconds(10);
    /** A registry that asks for more than this is as good as unreachable to whoever waits. */
    private static final Duration LONGEST_ASKED = Duration.ofSeconds(60);

    private final InstantSource clock;
    private final RandomGenerator random;
    private final Pause pause;

    Retries(InstantSource clock, RandomGenerator random, Pause pause) {
        this.clock = clock;
        this.random = random;
        this.pause = pause;
    }

    Instant now() {
        return clock.instant();
    }

    /** Whether a call that failed this many times in a row may be tried again. */
    boolean allowed(int failures) {
        return failures < MOST;
    }

    /** Waits before the next try: as long as the registry asked, else longer each time, and never in step with others. */
    void pause(int failures, Optional<String> retryAfter) throws InterruptedException {
        Duration most = FIRST.multipliedBy(1L << Math.min(failures - 1, 10));
        Duration bounded = most.compareTo(LONGEST) > 0 ? LONGEST : most;
        Duration jittered = bounded.dividedBy(2).plusMillis(random.nextLong(1 + bounded.toMillis() / 2));
        pause.of(retryAfter.flatMap(this::asked).orElse(jittered));
    }

    private Optional<Duration> asked(String retryAfter) {
        try {
            Duration asked = retryAfter.chars().allMatch(Character::isDigit)
                    ? Duration.ofSeconds(Long.parseLong(retryAfter))
                    : Duration.between(
                            clock.instant(),
                            ZonedDateTime.parse(retryAfter, DateTimeFormatter.RFC_1123_DATE_TIME)
                                    .toInstant());
            if (asked.isNegative()) {
                return Optional.of(Duration.ZERO);
            }
            return Optional.of(asked.compareTo(LONGEST_ASKED) > 0 ? LONGEST_ASKED : asked);
        } catch (DateTimeException | NumberFormatException e) {
            // Unreadable: as if it had not been sent.
            return Optional.empty();
        }
    }
}
