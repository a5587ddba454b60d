package io.skerry.cloud.desired;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Groups;
import io.skerry.spec.desired.Image;
import io.skerry.spec.desired.Limits;
import io.skerry.spec.desired.Membership;
import io.skerry.spec.desired.RestartPolicy;
import io.skerry.spec.desired.ServiceVersion;
import io.skerry.spec.desired.Workload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class DependenciesTest {
    private static final Problem NO = new Problem("test.no", "It can't be run.");

    @Test
    void servicesBecomeTheirInstancesOnTheNode() {
        Fleet.Answer answer = Dependencies.settled(Map.of(
                "a", wants("web", 1, "app", Workload.EMPTY, "a", "db"),
                "b", wants("db", 1, "app", Workload.EMPTY, "b"),
                "c", wants("db", 2, "app", Workload.EMPTY, "c")));

        assertThat(after(answer, "a")).containsExactly("b", "c");
        assertThat(answer.targets()).containsEntry("a", new Target.Runs(1));
    }

    @Test
    void aServiceThatTheNodeHasNotIsRefusedByName() {
        Fleet.Answer answer = Dependencies.settled(Map.of("a", wants("web", 1, "app", Workload.EMPTY, "a", "db")));

        assertThat(answer.workload()).isEqualTo(Workload.EMPTY);
        assertThat(problem(answer, "a").code()).isEqualTo("instance.after-missing");
        assertThat(problem(answer, "a").message()).contains("'web'", "'db'", "has no instance of it");
    }

    @Test
    void aServiceThatTheNodeCannotRunIsNoneToWaitFor() {
        Fleet.Answer answer = Dependencies.settled(Map.of(
                "a", wants("web", 1, "app", Workload.EMPTY, "a", "db"),
                "b", Choice.refused("db", Optional.empty(), 1, NO)));

        assertThat(answer.workload()).isEqualTo(Workload.EMPTY);
        assertThat(problem(answer, "a").message()).contains("It can't be run");
    }

    @Test
    void aRefusedOneThatKeepsWhatItHasCanBeWaitedFor() {
        Fleet.Answer before = Dependencies.settled(Map.of("b", wants("db", 1, "app", Workload.EMPTY, "b")));
        Fleet.Answer answer = Dependencies.settled(Map.of(
                "a",
                wants("web", 1, "app", before.workload(), "a", "db"),
                "b",
                Choice.refused("db", kept(before.workload(), "b"), 1, NO)));

        assertThat(after(answer, "a")).containsExactly("b");
    }

    @Test
    void whoMovesToAnotherGroupWaitsForTheOthers() {
        Workload running = Dependencies.settled(Map.of(
                        "a", wants("web", 1, "app", Workload.EMPTY, "a", "db"),
                        "b", wants("db", 1, "app", Workload.EMPTY, "b")))
                .workload();

        Fleet.Answer alone = Dependencies.settled(Map.of(
                "a", wants("web", 2, "app", running, "a", "db"),
                "b", wants("db", 2, "platform", running, "b")));
        assertThat(alone.targets()).containsEntry("a", new Target.Runs(2));
        assertThat(problem(alone, "b").code()).isEqualTo("instance.after-group");
        assertThat(problem(alone, "b").message()).contains("'web'", "'db'", "'app'", "'platform'");
        assertThat(version(alone, "b")).isEqualTo(1);

        Fleet.Answer together = Dependencies.settled(Map.of(
                "a", wants("web", 3, "platform", alone.workload(), "a", "db"),
                "b", wants("db", 2, "platform", alone.workload(), "b")));
        assertThat(together.targets()).containsEntry("a", new Target.Runs(3)).containsEntry("b", new Target.Runs(2));
    }

    @Test
    void whoWouldCloseACircleIsRefused() {
        Workload running = Dependencies.settled(Map.of(
                        "a", wants("web", 1, "app", Workload.EMPTY, "a", "db"),
                        "b", wants("db", 1, "app", Workload.EMPTY, "b")))
                .workload();

        Fleet.Answer answer = Dependencies.settled(Map.of(
                "a", wants("web", 2, "app", running, "a", "db"), "b", wants("db", 2, "app", running, "b", "web")));

        assertThat(answer.targets()).containsEntry("a", new Target.Runs(2));
        assertThat(problem(answer, "b").code()).isEqualTo("instance.after-cycle");
        assertThat(problem(answer, "b").message()).contains("web → db → web");
    }

    @Test
    void aContainerThatWaitedForOneWhichIsGoneIsToldSoAndKeepsTheRest() {
        Workload running = Dependencies.settled(Map.of(
                        "a", wants("web", 1, "app", Workload.EMPTY, "a", "cache", "db"),
                        "b", wants("db", 1, "app", Workload.EMPTY, "b"),
                        "c", wants("cache", 1, "app", Workload.EMPTY, "c")))
                .workload();

        Fleet.Answer answer = Dependencies.settled(Map.of(
                "a", wants("web", 1, "app", running, "a", "cache", "db"), "c", wants("cache", 1, "app", running, "c")));

        assertThat(problem(answer, "a").code()).isEqualTo("instance.after-missing");
        assertThat(after(answer, "a")).containsExactly("c");
    }

    /** Whatever is chosen, no device has to refuse the whole of it, and nobody loses what ran. */
    @RepeatedTest(500)
    void anyChoiceIsSettledIntoAWorkloadThatADeviceTakes(RepetitionInfo repetition) {
        long seed = repetition.getCurrentRepetition();
        var random = new SplittableRandom(seed);
        Workload told = Workload.EMPTY;
        for (int step = 0; step < 5; step++) {
            Map<String, Choice> wanted = any(random, told);

            Fleet.Answer answer = Dependencies.settled(wanted);

            assertThat(answer.targets().keySet()).as("seed %s", seed).isEqualTo(wanted.keySet());
            assertSound(answer.workload(), seed);
            Workload before = told;
            wanted.forEach((id, choice) -> {
                Optional<Container> now = kept(answer.workload(), id);
                assertThat(now.map(c -> c.service().version()))
                        .as("seed %s: what is told is what the target says", seed)
                        .isEqualTo(target(answer, id).version());
                assertThat(now.isPresent() || !before.containers().containsKey(id))
                        .as("seed %s: nobody loses what ran", seed)
                        .isTrue();
                if (target(answer, id) instanceof Target.Runs) {
                    assertThat(services(answer.workload(), now.orElseThrow()))
                            .as("seed %s: none is dropped in silence", seed)
                            .containsAll(choice.after());
                }
            });
            told = answer.workload();
        }
    }

    private static Map<String, Choice> any(SplittableRandom random, Workload told) {
        var wanted = new HashMap<String, Choice>();
        for (int i = 0; i < 5; i++) {
            if (random.nextInt(6) == 0) {
                continue;
            }
            String id = "i" + i;
            String service = "s" + i / 2 * 2;
            if (random.nextInt(6) == 0) {
                wanted.put(id, Choice.refused(service, kept(told, id), 1, NO));
                continue;
            }
            var after = new ArrayList<String>();
            for (String other : List.of("s0", "s2", "s4")) {
                if (!other.equals(service) && random.nextInt(3) == 0) {
                    after.add(other);
                }
            }
            String group = random.nextInt(4) == 0 ? "platform" : "app";
            wanted.put(id, wants(service, 1 + random.nextInt(3), group, told, id, after.toArray(String[]::new)));
        }
        return wanted;
    }

    private static void assertSound(Workload workload, long seed) {
        workload.containers().forEach((id, container) -> {
            for (String other : places(container).after()) {
                assertThat(workload.containers())
                        .as("seed %s: whom it waits for is there", seed)
                        .containsKey(other);
                assertThat(group(Objects.requireNonNull(workload.containers().get(other))))
                        .as("seed %s: and in its group", seed)
                        .isEqualTo(group(container));
            }
        });
        Set<String> done = new HashSet<>();
        boolean more = true;
        while (more) {
            more = false;
            for (Map.Entry<String, Container> e : workload.containers().entrySet()) {
                more |= done.containsAll(places(e.getValue()).after()) && done.add(e.getKey());
            }
        }
        assertThat(done)
                .as("seed %s: all can be started", seed)
                .isEqualTo(workload.containers().keySet());
    }

    private static Set<String> services(Workload workload, Container container) {
        Set<String> names = new HashSet<>();
        places(container)
                .after()
                .forEach(id ->
                        names.add(Objects.requireNonNull(workload.containers().get(id))
                                .service()
                                .name()));
        return names;
    }

    private static String group(Container container) {
        return places(container).group().orElse(Groups.DEFAULT.last().name());
    }

    private static Membership places(Container container) {
        return container.membership().orElse(Membership.DEFAULT);
    }

    private static List<String> after(Fleet.Answer answer, String id) {
        return places(kept(answer.workload(), id).orElseThrow()).after();
    }

    private static long version(Fleet.Answer answer, String id) {
        return kept(answer.workload(), id).orElseThrow().service().version();
    }

    private static Target target(Fleet.Answer answer, String id) {
        return Objects.requireNonNull(answer.targets().get(id));
    }

    private static Problem problem(Fleet.Answer answer, String id) {
        if (target(answer, id) instanceof Target.Refused refused) {
            return refused.problem();
        }
        throw new AssertionError(id + " isn't refused: " + answer.targets());
    }

    private static Optional<Container> kept(Workload workload, String id) {
        return Optional.ofNullable(workload.containers().get(id));
    }

    private static Choice wants(String service, long version, String group, Workload told, String id, String... after) {
        var place = new Membership(
                Optional.of(group).filter(g -> !g.equals("app")),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(after));
        var container = new Container(
                new ServiceVersion(service, service, version),
                new Image("c/" + service, Digest.of(new byte[] {(byte) version}), 1, 1),
                Map.of(),
                Limits.DEFAULT,
                List.of(),
                Optional.empty(),
                RestartPolicy.ALWAYS,
                10,
                30,
                Optional.of(place).filter(p -> !p.equals(Membership.DEFAULT)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return Choice.runs(service, kept(told, id), container, List.of(after));
    }
}
