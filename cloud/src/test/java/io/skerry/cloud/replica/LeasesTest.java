package io.skerry.cloud.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.storage.DataFolder;
import io.skerry.cloud.storage.Storage;
import io.skerry.cloud.storage.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag(TestDatabase.TAG)
class LeasesTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    private final DataFolder folder;
    private final Storage storage;
    private final Leases a;
    private final Leases b;

    LeasesTest(@TempDir Path root) {
        folder = DataFolder.open(root);
        storage = TestDatabase.open(folder);
        a = Leases.of(storage, "a");
        b = Leases.of(storage, "b");
    }

    @AfterEach
    void close() {
        storage.close();
        folder.close();
    }

    @Test
    void oneHasWorkAndGoesOnWithIt() {
        assertThat(a.hold("tidy", LONG)).isTrue();
        assertThat(b.hold("tidy", LONG)).isFalse();
        assertThat(a.hold("tidy", LONG)).isTrue();
        assertThat(b.hold("another", LONG)).isTrue();
        assertThat(b.isElsewhere("tidy")).isTrue();
        assertThat(a.isElsewhere("tidy")).isFalse();
    }

    @Test
    void anotherTakesItWhenItsTimeIsOver() {
        a.hold("tidy", LONG);
        storage.write(h -> h.execute("UPDATE leases SET held_until = 0"));

        assertThat(b.isElsewhere("tidy")).isFalse();
        assertThat(b.hold("tidy", LONG)).isTrue();
        assertThat(a.hold("tidy", LONG)).isFalse();
    }

    @Test
    void anotherTakesWhatWasReleased() {
        a.hold("tidy", LONG);
        b.release("tidy");
        assertThat(b.hold("tidy", LONG)).as("only its holder releases it").isFalse();

        a.release("tidy");

        assertThat(b.hold("tidy", LONG)).isTrue();
    }

    @Test
    void oneThatLeavesHoldsNothingAnyMore() {
        a.hold("tidy", LONG);

        new Replicas(storage, "a").leave();

        assertThat(b.hold("tidy", LONG)).isTrue();
    }

    @Test
    void ofManyAtOnceOneGetsIt() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var tries = threads.invokeAll(IntStream.range(0, 16)
                    .<Callable<Boolean>>mapToObj(
                            i -> () -> Leases.of(storage, "r" + i).hold("tidy", LONG))
                    .toList());

            assertThat(tries.stream().map(Future::resultNow)).containsOnlyOnce(true);
        }
    }

    @Test
    void aLoneProcessMayDoEverything() {
        a.hold("tidy", LONG);

        assertThat(Leases.alone().hold("tidy", LONG)).isTrue();
        assertThat(Leases.alone().isElsewhere("tidy")).isFalse();
    }
}
