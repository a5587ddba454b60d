package io.skerry.device.link;

import io.skerry.device.retry.BackOff;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The waits of the link.
 *
 * @param grace how much longer than the wait asked for an answer may take
 * @param first the most that is waited after a first failure
 * @param most the most that is ever waited after one
 * @param denied the most that is waited first when the cloud doesn't know the device
 * @param debounce how long changes of the status are gathered before it is sent
 * @param statusInterval after which the status is sent though nothing changed
 */
public record LinkPace(
        Duration grace, Duration first, Duration most, Duration denied, Duration debounce, Duration statusInterval) {
    /** What devices in the field use. */
    public static LinkPace normal(Duration statusInterval) {
        return new LinkPace(
                Duration.ofSeconds(15),
                Duration.ofSeconds(1),
                Duration.ofMinutes(5),
                Duration.ofMinutes(1),
                Duration.ofMillis(250),
                statusInterval);
    }

    BackOff failures(RandomGenerator random) {
        return new BackOff(first, most, random);
    }

    BackOff denials(RandomGenerator random) {
        return new BackOff(denied, most, random);
    }
}
