package io.skerry.cloud.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class IdsTest {
    private static final long NOW = 1_700_000_000_000L;

    private final AtomicLong clock = new AtomicLong(NOW);
    private final InstantSource time = () -> Instant.ofEpochMilli(clock.get());
    private final Ids ids = new Ids(time, new Random(7));

    @Test
    void idsOfOneMillisecondSortInTheOrderInWhichTheyWereMade() {
        List<String> made = Stream.generate(ids::next).limit(20_000).toList();

        assertThat(made).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void idsKeepRisingWhenTheClockIsSetBack() {
        List<String> made = new ArrayList<>();
        for (long at : List.of(NOW, NOW - 3_600_000, NOW - 1, NOW + 1, NOW)) {
            clock.set(at);
            made.add(ids.next());
        }

        assertThat(made).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void anIdIsAUuidOfVersion7WithItsMilliseconds() {
        UUID id = UUID.fromString(ids.next());

        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(NOW);
    }
}
