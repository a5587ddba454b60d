package io.skerry.cloud.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EventIdsTest {
    private static final long NOW = 1_790_000_000_000L;

    @Test
    void idsOnlyGrowWhateverTheClockDoes() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        long clock = NOW;
        String last = "";
        for (int i = 0; i < 20_000; i++) {
            clock += random.nextInt(10) == 0 ? random.nextInt(-5_000, 5_000) : 0;
            String next = EventIds.after(last, clock, random);
            assertThat(next).as("seed %d, step %d", seed, i).isGreaterThan(last);
            last = next;
        }
    }

    @Test
    void anIdIsAUuidOfVersionSevenOfItsTime() {
        UUID id = UUID.fromString(EventIds.after("", NOW, new Random(1)));

        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(NOW);
    }

    @Test
    void moreThanFourThousandInAMillisecondGoIntoTheNextOne() {
        String last = "";
        for (int i = 0; i < 4097; i++) {
            last = EventIds.after(last, NOW, new Random(i));
        }

        assertThat(UUID.fromString(last).getMostSignificantBits() >>> 16).isEqualTo(NOW + 1);
    }
}
