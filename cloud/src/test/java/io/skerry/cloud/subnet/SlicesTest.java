package io.skerry.cloud.subnet;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.spec.network.Subnet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlicesTest {
    private static final int OPERATIONS = 250_000;

    private static Subnet subnet(String text) {
        return Subnet.parse("subnet", text);
    }

    private static AddressBlock block(String text) {
        return AddressBlock.of(subnet(text));
    }

    private static Slices slices(String provided, String template) {
        return new Slices(subnet(provided), subnet(template));
    }

    @Test
    void theFirstSliceIsTheTemplatesOwnAndTheOthersFollow() {
        Slices slices = slices("10.190.0.1/16", "10.190.0.1/24");

        assertThat(slices.free(List.of())).contains(block("10.190.0.0/24"));
        assertThat(slices.free(List.of(block("10.190.0.0/24")))).contains(block("10.190.1.0/24"));
        assertThat(slices.count()).isEqualTo(256);
    }

    @Test
    void aTemplateFurtherUpLeavesWhatIsBelowItAlone() {
        Slices slices = slices("10.190.0.1/16", "10.190.250.1/24");

        assertThat(slices.free(List.of())).contains(block("10.190.250.0/24"));
        assertThat(slices.count()).isEqualTo(6);
    }

    @Test
    void aGapIsFilledAndASmallBlockTakesTheWholeSliceThatItLiesIn() {
        Slices slices = slices("10.190.0.1/16", "10.190.0.1/24");
        List<AddressBlock> taken = List.of(
                block("10.190.0.0/24"), block("10.190.1.64/26"), block("10.190.2.0/23"), block("10.190.5.0/24"));

        assertThat(slices.free(taken)).contains(block("10.190.4.0/24"));
    }

    @Test
    void whenAllIsTakenThereIsNone() {
        Slices slices = slices("192.168.0.1/24", "192.168.0.1/26");

        assertThat(slices.free(List.of(block("192.168.0.0/24")))).isEmpty();
        assertThat(slices.free(List.of(
                        block("192.168.0.0/26"),
                        block("192.168.0.64/26"),
                        block("192.168.0.128/26"),
                        block("192.168.0.240/29"))))
                .isEmpty();
    }

    @Test
    void theInterfaceHasTheSlicesAddressWithTheWidePrefix() {
        var lan = new LanSubnet(subnet("10.190.0.1/16"), Optional.of(subnet("10.190.0.1/24")), Optional.empty());

        LanAddress third = lan.of(Optional.of(subnet("10.190.2.0/24").first()));

        assertThat(third.address()).hasToString("10.190.2.1/16");
        assertThat(third.range().network()).isEqualTo("10.190.2.0/24");
        assertThat(third.own()).isTrue();
    }

    @Test
    void oneRangeForAllIsEachInstancesAlike() {
        var lan = new LanSubnet(subnet("10.190.0.1/16"), Optional.empty(), Optional.of(subnet("10.190.4.0/24")));

        LanAddress any = lan.of(Optional.empty());

        assertThat(any.address()).hasToString("10.190.4.1/16");
        assertThat(any.range().network()).isEqualTo("10.190.4.0/24");
        assertThat(any.own()).isFalse();
    }

    /** Four runs make a million random additions and removals, over ranges of other sizes that overlap each other. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void nothingThatIsGivenEverOverlaps(long seed) {
        var random = new SplittableRandom(seed);
        List<Slices> ranges = List.of(
                slices("10.190.0.1/20", "10.190.0.1/24"),
                slices("10.190.0.1/21", "10.190.1.1/26"),
                slices("10.190.4.1/22", "10.190.4.1/25"),
                slices("10.190.8.1/24", "10.190.8.1/28"),
                slices("10.190.0.1/18", "10.190.15.1/25"));
        var given = new TreeMap<Long, AddressBlock>();
        var shared = block("10.190.9.32/27");
        given.put(shared.first(), shared);
        List<Long> mine = new ArrayList<>();
        int refused = 0;
        for (int i = 0; i < OPERATIONS; i++) {
            // Now it grows and now it shrinks, so that it is often full and often nearly empty.
            boolean add = mine.isEmpty() || random.nextInt(100) < (i / 2_000 % 2 == 0 ? 70 : 30);
            if (!add) {
                given.remove(mine.remove(random.nextInt(mine.size())));
                continue;
            }
            Slices range = ranges.get(random.nextInt(ranges.size()));
            Optional<AddressBlock> slice = range.free(given.values());
            if (slice.isEmpty()) {
                refused++;
                assertThat(noneFits(range, given))
                        .as("seed %d, operation %d", seed, i)
                        .isTrue();
                continue;
            }
            Map.Entry<Long, AddressBlock> below = given.floorEntry(slice.get().last());
            assertThat(below == null || !below.getValue().overlaps(slice.get()))
                    .as("seed %d, operation %d: %s over %s", seed, i, slice, below)
                    .isTrue();
            given.put(slice.get().first(), slice.get());
            mine.add(slice.get().first());
        }
        assertThat(refused).as("how often it was full").isPositive();
        assertThat(given.get(shared.first())).isEqualTo(shared);
    }

    /** By trying each slice. */
    private static boolean noneFits(Slices range, NavigableMap<Long, AddressBlock> given) {
        AddressBlock bounds = range.bounds();
        long size = (bounds.last() - bounds.first() + 1) / range.count();
        for (long first = bounds.first(); first + size - 1 <= bounds.last(); first += size) {
            Map.Entry<Long, AddressBlock> below = given.floorEntry(first + size - 1);
            if (below == null || below.getValue().last() < first) {
                return false;
            }
        }
        return true;
    }
}
