package io.skerry.lab.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VolatileDiskTest {
    private static final int SIZE = 64 * WriteCache.BLOCK;
    /** Loses everything: no draw is ever low enough. */
    private static final RandomGenerator MERCILESS = new Random() {
        private static final long serialVersionUID = 1;

        @Override
        public double nextDouble() {
            return 0.999;
        }

        @Override
        public int nextInt(int bound) {
            return 0;
        }
    };

    @TempDir
    Path folder;

    private VolatileDisk disk;

    @BeforeEach
    void makeDisk() throws IOException {
        Path file = folder.resolve("disk");
        Files.write(file, new byte[SIZE]);
        disk = VolatileDisk.of(file);
    }

    @AfterEach
    void close() {
        disk.close();
    }

    @Test
    void readsBackWhatWasWrittenAcrossBlocksAndWithinThem() throws IOException {
        byte[] bytes = new byte[3 * WriteCache.BLOCK + WriteCache.SECTOR];
        new Random(3).nextBytes(bytes);
        disk.write(5 * WriteCache.SECTOR, ByteBuffer.wrap(bytes), false);
        assertThat(read(5 * WriteCache.SECTOR, bytes.length)).isEqualTo(bytes);
        disk.flush();
        assertThat(read(5 * WriteCache.SECTOR, bytes.length)).isEqualTo(bytes);
        assertThat(read(0, WriteCache.SECTOR)).containsOnly(0);
    }

    @Test
    void powerCutLosesWhatWasNotFlushedAndNothingElse() throws IOException {
        disk.write(0, filled(1), false);
        disk.flush();
        disk.write(0, filled(2), false);
        disk.write(WriteCache.BLOCK, filled(3), false);
        Cut cut = disk.lose(MERCILESS);
        assertThat(cut).isEqualTo(new Cut(2, 0, List.of(0L, 1L), List.of()));
        assertThat(read(0, WriteCache.BLOCK)).containsOnly(1);
        assertThat(read(WriteCache.BLOCK, WriteCache.BLOCK)).containsOnly(0);
    }

    @Test
    void durableWriteOutlivesACutWithoutAFlush() throws IOException {
        disk.write(0, filled(1), true);
        disk.lose(MERCILESS);
        assertThat(read(0, WriteCache.BLOCK)).containsOnly(1);
    }

    @Test
    void standsStillBeforeTheChangeThatWasAskedFor() throws Exception {
        disk.write(0, filled(1), true);
        disk.stopBefore(disk.changes() + 1);
        disk.write(0, filled(2), true);
        CompletableFuture<Boolean> third = CompletableFuture.supplyAsync(() -> {
            try {
                disk.write(0, filled(3), true);
                return true;
            } catch (IOException e) {
                return false;
            }
        });
        assertThat(disk.stopped(Duration.ofSeconds(20))).isTrue();
        assertThat(read(0, WriteCache.BLOCK)).containsOnly(2);
        disk.powerOff();
        assertThat(third.get()).isFalse();
        disk.lose(MERCILESS);
        assertThat(read(0, WriteCache.BLOCK)).containsOnly(2);
        disk.write(0, filled(4), true);
        assertThat(read(0, WriteCache.BLOCK)).containsOnly(4);
    }

    @Test
    void standsStillBeforeAFlushForWhichSomethingWaits() throws Exception {
        disk.stopBeforeFlush(disk.changes());
        disk.flush();
        disk.write(0, filled(1), true);
        disk.write(0, filled(2), false);
        CompletableFuture<Boolean> flush = CompletableFuture.supplyAsync(() -> {
            try {
                disk.flush();
                return true;
            } catch (IOException e) {
                return false;
            }
        });
        assertThat(disk.stopped(Duration.ofSeconds(20))).isTrue();
        disk.powerOff();
        assertThat(flush.get()).isFalse();
        assertThat(disk.lose(MERCILESS).lost()).hasSize(1);
        assertThat(read(0, WriteCache.BLOCK)).containsOnly(1);
    }

    @Test
    void isAgainWhatItWasRememberedAs() throws IOException {
        disk.write(0, filled(1), true);
        disk.remember(folder.resolve("copy"));
        disk.write(0, filled(2), true);
        disk.write(WriteCache.BLOCK, filled(3), false);
        disk.restore(folder.resolve("copy"));
        assertThat(read(0, WriteCache.BLOCK)).containsOnly(1);
        assertThat(read(WriteCache.BLOCK, WriteCache.BLOCK)).containsOnly(0);
    }

    private byte[] read(long at, int length) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(length);
        disk.read(at, into);
        return into.array();
    }

    private static ByteBuffer filled(int value) {
        ByteBuffer block = ByteBuffer.allocate(WriteCache.BLOCK);
        while (block.hasRemaining()) {
            block.put((byte) value);
        }
        return block.flip();
    }
}
