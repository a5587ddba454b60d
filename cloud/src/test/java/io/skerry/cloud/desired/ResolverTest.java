package io.skerry.cloud.desired;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.service.NetworkSettings;
import io.skerry.cloud.service.VersionSettings;
import io.skerry.spec.Architecture;
import io.skerry.spec.Digest;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Image;
import io.skerry.spec.desired.VolumeMount;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.Capabilities;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class ResolverTest {
    private static final Fleet.Instance FOLLOWER = instance("i", Selector.LATEST, Optional.empty());

    @Test
    void anInstanceFollowsTheLatest() {
        Fleet.Answer answer = resolve(Workload.EMPTY, FOLLOWER, service(2, Map.of(1L, both(1), 2L, both(2))));

        assertThat(version(answer)).contains(2L);
        assertThat(answer.targets()).containsEntry("i", new Target.Runs(2));
    }

    @Test
    void aPinnedInstanceStaysAtItsVersion() {
        Fleet.Answer answer = resolve(
                Workload.EMPTY,
                instance("i", new Selector.Pinned(1), Optional.empty()),
                service(2, Map.of(1L, both(1), 2L, both(2))));

        assertThat(version(answer)).contains(1L);
    }

    @Test
    void whatTheNewestLacksKeepsTheOldRunningWithAReason() {
        Fleet.Service service = service(2, Map.of(1L, both(1), 2L, version(2, Architecture.ARM64)));
        Workload running = resolve(Workload.EMPTY, FOLLOWER, service(1, Map.of(1L, both(1))))
                .workload();

        Fleet.Answer answer = resolve(running, FOLLOWER, service);

        assertThat(answer.workload()).isEqualTo(running);
        assertThat(answer.targets().get("i")).isInstanceOfSatisfying(Target.Refused.class, r -> {
            assertThat(r.problem().code()).isEqualTo("instance.architecture-missing");
            assertThat(r.problem().message()).contains("amd64", "arm64", "version 2");
            assertThat(r.kept()).contains(1L);
        });
    }

    @Test
    void whatANodeCannotHonourIsRefused() {
        var volumes = new VersionSettings(
                64,
                0,
                32,
                List.of(VolumeMount.of("data", "/data")),
                Map.of(),
                Optional.empty(),
                VersionSettings.DEFAULT.restart(),
                1,
                1,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        var version = new Fleet.Version(volumes, both(1).images());

        Fleet.Answer answer = resolve(Workload.EMPTY, FOLLOWER, service(1, Map.of(1L, version)));

        assertThat(answer.workload()).isEqualTo(Workload.EMPTY);
        assertThat(answer.targets().get("i"))
                .isInstanceOfSatisfying(
                        Target.Refused.class,
                        r -> assertThat(r.problem().code()).isEqualTo("capability.unsupported"));
    }

    @Test
    void aDisabledInstanceKeepsWhatItHad() {
        Fleet.Service service = service(3, Map.of(1L, both(1), 2L, both(2), 3L, both(3)));
        Workload running = resolve(Workload.EMPTY, FOLLOWER, service(1, Map.of(1L, both(1))))
                .workload();

        assertThat(version(resolve(running, instance("i", new Selector.Disabled(), Optional.empty()), service)))
                .contains(1L);
        assertThat(version(resolve(running, instance("i", new Selector.Disabled(), Optional.of(2L)), service)))
                .contains(2L);
        assertThat(resolve(Workload.EMPTY, instance("i", new Selector.Disabled(), Optional.empty()), service)
                        .targets())
                .containsEntry("i", new Target.Nothing());
    }

    @RepeatedTest(300)
    void anyFleetIsResolvedToTheEndAndStaysThere(RepetitionInfo repetition) {
        long seed = repetition.getCurrentRepetition();
        var random = new SplittableRandom(seed);
        Workload told = Workload.EMPTY;
        for (int step = 0; step < 4; step++) {
            Fleet.Service service = anyService(random);
            List<Fleet.Instance> instances = anyInstances(random);
            Fleet.Question question = question(told, instances, service);

            Fleet.Answer answer = Resolver.resolve(question);

            assertThat(answer.targets().keySet())
                    .as("seed %s: every instance has its answer", seed)
                    .containsExactlyInAnyOrderElementsOf(
                            instances.stream().map(Fleet.Instance::instanceId).toList());
            for (Fleet.Instance i : instances) {
                Optional<Container> container =
                        Optional.ofNullable(answer.workload().containers().get(i.instanceId()));
                Target target = answer.targets().getOrDefault(i.instanceId(), new Target.Nothing());
                assertThat(container.map(c -> c.service().version()))
                        .as("seed %s: what is told is what the target says", seed)
                        .isEqualTo(target.version());
                if (told.containers().containsKey(i.instanceId())) {
                    assertThat(container)
                            .as("seed %s: nobody loses what ran", seed)
                            .isPresent();
                }
            }
            Fleet.Answer again = Resolver.resolve(question(answer.workload(), instances, service));
            assertThat(again.workload())
                    .as("seed %s: resolving twice changes nothing", seed)
                    .isEqualTo(answer.workload());
            told = answer.workload();
        }
    }

    private static Fleet.Service anyService(SplittableRandom random) {
        var versions = new HashMap<Long, Fleet.Version>();
        long latest = 1L + random.nextInt(5);
        for (long v = 1; v <= latest; v++) {
            versions.put(
                    v,
                    switch (random.nextInt(4)) {
                        case 0 -> version(v, Architecture.ARM64);
                        case 1 -> version(v);
                        default -> both(v);
                    });
        }
        return service(latest, versions);
    }

    private static List<Fleet.Instance> anyInstances(SplittableRandom random) {
        var instances = new ArrayList<Fleet.Instance>();
        for (int i = 0; i < random.nextInt(5); i++) {
            Selector selector = switch (random.nextInt(3)) {
                case 0 -> Selector.LATEST;
                case 1 -> new Selector.Pinned(1L + random.nextInt(6));
                default -> new Selector.Disabled();
            };
            Optional<Long> held = random.nextBoolean() ? Optional.of(1L + random.nextInt(6)) : Optional.empty();
            instances.add(instance("i" + i, selector, held));
        }
        return instances;
    }

    private static Fleet.Answer resolve(Workload previous, Fleet.Instance instance, Fleet.Service service) {
        return Resolver.resolve(question(previous, List.of(instance), service));
    }

    private static Fleet.Question question(Workload previous, List<Fleet.Instance> instances, Fleet.Service service) {
        var capabilities =
                new Capabilities(1, Architecture.AMD64, List.of("runc"), List.of(), List.of("health-exec"), 1);
        return new Fleet.Question(
                new Fleet.Node("n", "c", "buoy", capabilities, previous, Optional.empty()),
                instances,
                Map.of(service.serviceId(), service));
    }

    private static Optional<Long> version(Fleet.Answer answer) {
        return Optional.ofNullable(answer.workload().containers().get("i"))
                .map(c -> c.service().version());
    }

    private static Fleet.Instance instance(String id, Selector selector, Optional<Long> held) {
        return new Fleet.Instance(id, "s", selector, held, Optional.empty(), Optional.empty());
    }

    private static Fleet.Service service(long latest, Map<Long, Fleet.Version> versions) {
        return new Fleet.Service("s", "web", latest, NetworkSettings.NONE, versions);
    }

    private static Fleet.Version both(long number) {
        return version(number, Architecture.AMD64, Architecture.ARM64);
    }

    private static Fleet.Version version(long number, Architecture... architectures) {
        var images = new HashMap<Architecture, Image>();
        for (Architecture a : architectures) {
            images.put(a, new Image("c/web", Digest.of((number + a.word()).getBytes(StandardCharsets.UTF_8)), 1, 1));
        }
        return new Fleet.Version(VersionSettings.DEFAULT, images);
    }
}
