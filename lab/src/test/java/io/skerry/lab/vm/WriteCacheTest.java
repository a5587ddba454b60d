package io.skerry.lab.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class WriteCacheTest {
    private final WriteCache cache = new WriteCache();

    @Test
    void readsWhatWasWrittenLast() {
        cache.put(7, filled(1));
        cache.put(7, filled(2));
        assertThat(cache.newest(7)).hasValueSatisfying(b -> assertThat(b).isEqualTo(filled(2)));
        assertThat(cache.newest(8)).isEmpty();
    }

    @Test
    void drainsTheNewestFormOfEachBlockInOrder() {
        cache.put(9, filled(1));
        cache.put(3, filled(2));
        cache.put(9, filled(3));
        var drained = cache.drain();
        assertThat(drained.keySet()).containsExactly(3L, 9L);
        assertThat(drained.get(9L)).isEqualTo(filled(3));
        assertThat(cache.newest(9)).isEmpty();
        assertThat(cache.bytes()).isZero();
    }

    @Test
    void losesNothingThatWasDrained() {
        cache.put(1, filled(1));
        cache.drain();
        var remains = cache.lose(new Random(1), _ -> filled(1));
        assertThat(remains.written()).isEmpty();
        assertThat(remains.cut().waiting()).isZero();
    }

    @Test
    void whatSurvivesOfASectorIsOneOfItsFormsOrWhatWasBefore() {
        long seed = new Random().nextLong();
        for (int run = 0; run < 200; run++) {
            for (long block = 0; block < 20; block++) {
                cache.put(block, filled(1));
                cache.put(block, filled(2));
            }
            var remains = cache.lose(new Random(seed + run), _ -> filled(0));
            assertThat(remains.cut().waiting()).isEqualTo(20);
            assertThat(remains.cut().whole()
                            + remains.cut().lost().size()
                            + remains.cut().torn().size())
                    .isEqualTo(20);
            remains.written().values().forEach(b -> {
                for (int at = 0; at < WriteCache.BLOCK; at += WriteCache.SECTOR) {
                    byte first = b[at];
                    assertThat((int) first).as("seed %d", seed).isBetween(0, 2);
                    assertThat(Arrays.copyOfRange(b, at, at + WriteCache.SECTOR))
                            .containsOnly(first);
                }
            });
        }
    }

    @Test
    void equalSeedsLoseTheSame() {
        assertThat(loss(42)).isEqualTo(loss(42));
    }

    @Test
    void seedsLoseAllOrNothingOrTearBlocks() {
        Set<String> seen = new TreeSet<>();
        for (int seed = 0; seed < 300; seed++) {
            for (long block = 0; block < 8; block++) {
                cache.put(block, filled(1));
            }
            Cut cut = cache.lose(new Random(seed), _ -> filled(0)).cut();
            seen.add(
                    cut.lost().size() == 8
                            ? "all lost"
                            : cut.whole() == 8 ? "nothing lost" : cut.torn().isEmpty() ? "some" : "torn");
        }
        assertThat(seen).containsExactlyInAnyOrder("all lost", "nothing lost", "torn", "some");
    }

    private Cut loss(int seed) {
        for (long block = 0; block < 50; block++) {
            cache.put(block, filled((int) block));
        }
        return cache.lose(new Random(seed), _ -> filled(99)).cut();
    }

    private static byte[] filled(int value) {
        byte[] block = new byte[WriteCache.BLOCK];
        Arrays.fill(block, (byte) value);
        return block;
    }
}
