package io.skerry.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.device.revision.Plan;
import io.skerry.device.revision.PlanPreview;
import io.skerry.device.revision.ServiceNames;
import io.skerry.device.revision.Slot;
import io.skerry.device.revision.Step;
import io.skerry.device.revision.ToldPlan;
import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Image;
import io.skerry.spec.desired.ServiceVersion;
import io.skerry.spec.status.HeldBack;
import io.skerry.spec.status.Outcome;
import io.skerry.spec.status.Reason;
import io.skerry.spec.status.WindowWaits.Wait;
import io.skerry.spec.window.Opening;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalPlanTest {
    private static final Image IMAGE = new Image("customer/web", Digest.of(new byte[] {1}), 10, 20);

    @TempDir
    Path data;

    @Test
    void saysSoWhenNoDaemonHasLookedYet() {
        assertThatThrownBy(() -> LocalPlan.read(data, Optional.empty(), OutputForm.HUMAN))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo("plan.nothing-seen"));
        assertThat(data).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "null",
                "7",
                "[]",
                "{}",
                "{\"committed\":{\"containers\":{}},\"present\":{",
                "{\"committed\":null,\"present\":null}",
                "\u0000\u0001\ufffd\u001b[31m"
            })
    void saysWhatToDoWhenWhatWasSeenIsSpoilt(String content) throws Exception {
        Files.writeString(data.resolve("situation.json"), content);

        assertThatSituationIsUnreadable();
    }

    @Test
    void bearsRandomBytesWhereWhatWasSeenShouldBe() throws Exception {
        byte[] bytes = new byte[100_000];
        new Random(1).nextBytes(bytes);
        Files.write(data.resolve("situation.json"), bytes);

        assertThatSituationIsUnreadable();
    }

    @Test
    void bearsAHugeFileWhereWhatWasSeenShouldBe() throws Exception {
        try (RandomAccessFile file =
                new RandomAccessFile(data.resolve("situation.json").toFile(), "rw")) {
            file.setLength(10L << 30);
        }

        assertThatSituationIsUnreadable();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"x\":", "{\"present\":", "{\"present\":{\"a\":"})
    void bearsWhatIsNestedWithoutEnd(String opening) throws Exception {
        Files.writeString(data.resolve("situation.json"), opening.repeat(1_000_000), StandardCharsets.US_ASCII);

        assertThatSituationIsUnreadable();
    }

    @Test
    void bearsAFolderWhereWhatWasSeenShouldBe() throws Exception {
        Files.createDirectories(data.resolve("situation.json"));

        assertThatSituationIsUnreadable();
    }

    private void assertThatSituationIsUnreadable() {
        assertThatThrownBy(() -> LocalPlan.read(data, Optional.empty(), OutputForm.HUMAN))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.code()).isEqualTo("plan.situation-unreadable");
                    assertThat(e.problem().message())
                            .contains(data.resolve("situation.json").toString())
                            .hasSizeLessThan(400);
                    assertThat(e.problem().remedy()).contains("Start the daemon again");
                });
    }

    @Test
    void refusesAWorkloadThatCannotBeReadNamingTheFile() throws Exception {
        Path file = Files.writeString(data.resolve("wanted.json"), "{\"containers\": 7}");

        assertThatThrownBy(() -> LocalPlan.read(data, Optional.of(file.toString()), OutputForm.HUMAN))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.code()).isEqualTo("json.malformed");
                    assertThat(e.problem().message()).contains(file.toString());
                });
    }

    @Test
    void tellsAPersonWhatIsHeldBackAndWhichServicesTheStepsAreAbout() {
        String id = "01a200a4-87c5-7d5d-b9d5-4500d31a8d7a";
        String other = "01a200a4-8965-785f-88ab-716bcff808a1";
        var exited = Reason.of(new Problem("container.exited", "Container " + id + " ended with exit code 7."));
        var preview = preview(
                List.of(new HeldBack(id, new ServiceVersion("id", "web", 2), Outcome.Result.ROLLED_BACK, exited)),
                List.of(),
                Optional.empty(),
                List.of(new Step.Stop(other, Slot.MAIN, Step.Why.CHANGED)),
                List.of(),
                List.of(),
                new ServiceNames(Map.of(id, "web:1", other, "db:1 to 2")));

        assertThat(LocalPlan.human(preview)).isEqualTo("""
                Revision 4 is committed.
                ID stays as it is: web:2 failed here (Container ID (web) ended with exit code 7.), and isn't tried again \
                until it differs or 'skerry instance retry' asks.
                From what the daemon last saw, at rest, it would
                   1  stop OTHER (db:1 to 2)  (changed)
                """.replace("ID", id).replace("OTHER", other));
    }

    @Test
    void tellsAPersonWhatIsWaitedForFirst() {
        String id = "01a200a4-87c5-7d5d-b9d5-4500d31a8d7a";
        var preview = preview(
                List.of(),
                List.of(),
                Optional.of(new Problem("disk.full", "40 MB are short.", "Free some space.")),
                List.of(new Step.Fetch(IMAGE, Step.Why.MISSING)),
                List.of(new Wait(id, Opening.SWITCH, Optional.of(0L))),
                List.of(new Step.AwaitLock(id, 600, Step.Why.CHANGED), new Step.Stop(id, Slot.MAIN, Step.Why.CHANGED)),
                new ServiceNames(Map.of(id, "web:1 to 2")));

        assertThat(LocalPlan.human(preview)).isEqualTo("""
                Revision 4 is committed.
                It can't begin for now: 40 MB are short. Free some space.
                From what the daemon last saw, at rest, it would
                   1  FETCH  (missing)
                      wait for the switch window of ID (web:1 to 2), which opens 1970-01-01T00:00:00Z
                   2  wait while ID (web:1 to 2) holds its update lock, at most 600 s  (changed; it is held now, 61 s are over)
                   3  stop ID (web:1 to 2)  (changed)
                """.replace("ID", id)
                .replace("FETCH", new Step.Fetch(IMAGE, Step.Why.MISSING).words()));
        assertThat(ToldPlan.JSON.toJson(ToldPlan.of(preview)))
                .contains("\"windows\":[{\"name\":\"" + id + "\"", "\"locked\":{\"" + id + "\":61}");
    }

    @Test
    void tellsAPersonWhatStaysAsItIsForNow() {
        String id = "01a200a4-87c5-7d5d-b9d5-4500d31a8d7a";
        var full = Reason.of(new Problem("disk.full", "40 MB are short.", "Free some space."));
        var preview = preview(
                List.of(),
                List.of(new HeldBack("b", new ServiceVersion("id", "db", 2), Outcome.Result.REFUSED, full)),
                Optional.empty(),
                List.of(),
                List.of(new Wait(id, Opening.FETCH, Optional.empty())),
                List.of(),
                new ServiceNames(Map.of(id, "web:1 to 2")));

        assertThat(LocalPlan.human(preview)).isEqualTo("""
                Revision 4 is committed.
                b stays as it is for now: db:2 couldn't be had (40 MB are short.), and is tried again by itself.
                ID stays as it is for now: it has to wait for the fetch window of ID (web:1 to 2), \
                which doesn't open as far as is known.
                There is nothing else to do.
                """.replace("ID", id));
    }

    private static PlanPreview preview(
            List<HeldBack> heldBack,
            List<HeldBack> lacking,
            Optional<Problem> obstacle,
            List<Step> plan,
            List<Wait> windows,
            List<Step> afterwards,
            ServiceNames names) {
        return new PlanPreview(
                4,
                Optional.empty(),
                List.of(),
                heldBack,
                false,
                lacking,
                obstacle,
                new Plan(plan),
                windows,
                new Plan(afterwards),
                windows.stream().collect(Collectors.toMap(Wait::name, _ -> 61L)),
                names);
    }
}
