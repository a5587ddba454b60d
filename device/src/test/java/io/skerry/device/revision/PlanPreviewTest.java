package io.skerry.device.revision;

import static io.skerry.device.revision.Workloads.container;
import static io.skerry.device.revision.Workloads.keeping;
import static io.skerry.device.revision.Workloads.workload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.skerry.spec.desired.RestartPolicy;
import io.skerry.spec.status.HeldBack;
import io.skerry.spec.status.Outcome.Result;
import io.skerry.spec.status.RevisionStatus.Phase;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanPreviewTest {
    @TempDir
    Path data;

    @Test
    void tellsWhatWouldBeDoneForAnotherWorkloadAndDoesNothing() {
        try (EngineBench bench = new EngineBench(data)) {
            bench.committed(workload("a", keeping(container("web", 1))));
            await().until(() -> PlanPreview.of(data, Optional.empty()).plan().isEmpty());

            var preview = PlanPreview.of(data, Optional.of(workload("a", keeping(container("web", 2)))));

            assertThat(preview.committed()).isEqualTo(1);
            assertThat(preview.plan().steps())
                    .extracting(Step::words)
                    .containsSubsequence("stop a", "keep volume data of a as it is", "start a");
            bench.settle();
            assertThat(bench.containers.calls).containsExactly("start a:1");
        }
    }

    @Test
    void tellsWhatWasDoneSoFarOfWhatIsBeingTried() {
        try (EngineBench bench = new EngineBench(data)) {
            bench.committed(workload("a", container("web", 1)));
            await().until(() -> PlanPreview.of(data, Optional.empty()).plan().isEmpty());
            bench.offer(workload("a", container("web", 2, RestartPolicy.ALWAYS, 30)));
            bench.awaitPhase(Phase.ON_TRIAL);

            var preview = PlanPreview.of(data, Optional.empty());

            assertThat(preview.trying()).contains(2);
            assertThat(preview.journal())
                    .contains("done: stop a", "done: start a")
                    .endsWith("begun: watch a through their probation");
        }
    }

    @Test
    void whatFailedIsToldAndIsNoPartOfThePlan() {
        try (EngineBench bench = new EngineBench(data)) {
            bench.committed(workload("a", container("web", 1), "b", container("db", 1)));
            bench.containers.unstartable("a:2", "it has no program");
            bench.offer(workload("a", container("web", 2), "b", container("db", 1)));
            bench.awaitOutcome(2, Result.ROLLED_BACK);
            await().until(() -> PlanPreview.of(data, Optional.empty()).plan().isEmpty());

            var preview = PlanPreview.of(data, Optional.empty());

            assertThat(preview.heldBack()).extracting(HeldBack::name).containsExactly("a");
            assertThat(preview.heldBack().getFirst().wanted().version()).isEqualTo(2);
        }
    }

    @Test
    void saysBesideEachIdWhichServiceItIs() {
        String id = "01a200a4-87c5-7d5d-b9d5-4500d31a8d7a";
        try (EngineBench bench = new EngineBench(data)) {
            bench.committed(workload(id, container("web", 1)));
            await().until(() -> PlanPreview.of(data, Optional.empty()).plan().isEmpty());

            var preview = PlanPreview.of(data, Optional.of(workload(id, container("web", 2), "b", container("db", 1))));

            assertThat(preview.names().in("stop " + id + ", b")).isEqualTo("stop " + id + " (web:1 to 2), b");
            assertThat(preview.names().in("look at /run/" + id + "/log")).isEqualTo("look at /run/" + id + "/log");
        }
    }

    @Test
    void saysBesideTheIdsOfTheJournalTooWhichServicesTheyAre() {
        String id = "01a200a4-87c5-7d5d-b9d5-4500d31a8d7a";
        try (EngineBench bench = new EngineBench(data)) {
            bench.committed(workload(id, container("web", 1)));
            await().until(() -> PlanPreview.of(data, Optional.empty()).plan().isEmpty());
            bench.offer(workload(id, container("web", 2, RestartPolicy.ALWAYS, 30)));
            bench.awaitPhase(Phase.ON_TRIAL);

            assertThat(PlanPreview.of(data, Optional.empty()).journal())
                    .contains("done: start " + id + " (web:1 to 2)");
        }
    }
}
