package io.skerry.device.revision;

import static io.skerry.device.revision.Workloads.container;
import static io.skerry.device.revision.Workloads.keeping;
import static io.skerry.device.revision.Workloads.workload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.skerry.spec.status.Outcome.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the engine makes of a folder that the disk has lost, or that was put aside because a file stood in its place. */
class LostFoldersTest {
    @TempDir
    Path data;

    @Test
    void withoutItsRevisionsADeviceComesToWhatIsWantedAndKeepsItsVolumes() throws IOException {
        try (EngineBench bench = new EngineBench(data)) {
            bench.committed(workload("a", keeping(container("web", 1))));
            bench.engine().close();
            Files.move(data.resolve("revisions"), data.resolve("lost"));

            bench.start();

            bench.awaitOutcome(1, Result.COMMITTED);
            await().until(() -> bench.containers.present().containsKey("a"));
            assertThat(bench.volumes.has("a", "data")).isTrue();
        }
    }

    @Test
    void withoutWhatWasAskedForADeviceRunsOnAndHearsItAnew() throws IOException {
        try (EngineBench bench = new EngineBench(data)) {
            bench.committed(workload("a", container("web", 1)));
            bench.engine().close();
            Files.move(data.resolve("parts"), data.resolve("lost"));

            bench.start();
            bench.settle();
            assertThat(bench.containers.calls).containsExactly("start a:1");
            bench.offer(workload("a", container("web", 2)));

            bench.awaitOutcome(2, Result.COMMITTED);
        }
    }
}
