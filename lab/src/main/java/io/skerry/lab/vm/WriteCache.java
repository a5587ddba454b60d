package io.skerry.lab.vm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * What a disk was given and hasn't yet made durable. Every form that a block had since the last flush is kept, because a disk
 * may have written any of them to its medium when the power goes. Not safe for use by several threads.
 */
final class WriteCache {
    /** Bytes of a block: what file systems write at least. */
    static final int BLOCK = 4096;
    /** Bytes that a disk writes whole or not at all. */
    static final int SECTOR = 512;

    private final SortedMap<Long, List<byte[]>> forms = new TreeMap<>();
    private long bytes;

    /** The newest form of a block, if it was written since the last flush. */
    Optional<byte[]> newest(long block) {
        return Optional.ofNullable(forms.get(block)).map(List::getLast);
    }

    /** Takes a block's next form; the array is the cache's from now on. */
    void put(long block, byte[] form) {
        if (form.length != BLOCK) {
            throw new IllegalArgumentException("a block has " + BLOCK + " bytes, not " + form.length);
        }
        forms.computeIfAbsent(block, _ -> new ArrayList<>(1)).add(form);
        bytes += BLOCK;
    }

    /** How much memory it takes. */
    long bytes() {
        return bytes;
    }

    /** Removes a block; the answer is its newest form, if it had any. */
    Optional<byte[]> take(long block) {
        List<byte[]> taken = forms.remove(block);
        if (taken == null) {
            return Optional.empty();
        }
        bytes -= (long) taken.size() * BLOCK;
        return Optional.of(taken.getLast());
    }

    /** Removes all; the answer is the newest form of each block, in their order. */
    SortedMap<Long, byte[]> drain() {
        SortedMap<Long, byte[]> newest = new TreeMap<>();
        forms.forEach((block, all) -> newest.put(block, all.getLast()));
        clear();
        return newest;
    }

    private void clear() {
        forms.clear();
        bytes = 0;
    }

    /** What was on the medium before. */
    interface Medium {
        byte[] block(long block);
    }

    /**
     * Empties the cache as a power cut does. How much survives, and whether blocks or single sectors do, is drawn anew for each
     * cut: from nothing at all to all but a little. What survives of a block (or sector) is any of the forms that it had.
     *
     * @return the blocks that differ on the medium afterwards, and what was lost
     */
    Remains lose(RandomGenerator random, Medium medium) {
        double surviving = random.nextInt(4) == 0 ? random.nextInt(2) : random.nextDouble();
        int unit = random.nextBoolean() ? BLOCK : SECTOR;
        SortedMap<Long, byte[]> written = new TreeMap<>();
        int whole = 0;
        List<Long> lost = new ArrayList<>();
        List<Long> torn = new ArrayList<>();
        for (Map.Entry<Long, List<byte[]>> entry : forms.entrySet()) {
            byte[] before = medium.block(entry.getKey());
            byte[] after = before.clone();
            List<byte[]> all = entry.getValue();
            for (int at = 0; at < BLOCK; at += unit) {
                if (random.nextDouble() < surviving) {
                    // Mostly the newest: a disk that is slow with one block isn't with all its forms.
                    byte[] form = random.nextInt(4) == 0 ? all.get(random.nextInt(all.size())) : all.getLast();
                    System.arraycopy(form, at, after, at, unit);
                }
            }
            if (Arrays.equals(after, all.getLast())) {
                whole++;
            } else if (Arrays.equals(after, before)) {
                lost.add(entry.getKey());
            } else {
                torn.add(entry.getKey());
            }
            if (!Arrays.equals(after, before)) {
                written.put(entry.getKey(), after);
            }
        }
        Cut cut = new Cut(forms.size(), whole, lost, torn);
        clear();
        return new Remains(written, cut);
    }

    /**
     * What a power cut leaves.
     *
     * @param written blocks that reached the medium
     */
    record Remains(SortedMap<Long, byte[]> written, Cut cut) {}
}
