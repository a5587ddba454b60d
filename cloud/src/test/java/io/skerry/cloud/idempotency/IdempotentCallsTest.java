package io.skerry.cloud.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.cloud.graphql.FleetFixture;
import io.skerry.cloud.idempotency.IdempotentCalls.Outcome;
import io.skerry.cloud.service.MemoryRegistry;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.cloud.tenancy.Customer;
import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag(TestDatabase.TAG)
class IdempotentCallsTest {
    private static final String SECRET = "skk_" + "s".repeat(43);
    private static final byte[] INPUT = bytes("input");
    private static final Caller CALLER = Caller.everything(FleetFixture.TESTER);

    private final FleetFixture fleet;
    private final IdempotentCalls calls;

    IdempotentCallsTest(@TempDir Path root) {
        fleet = new FleetFixture(root, new MemoryRegistry(), Set.of());
        calls = fleet.calls;
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static CallSeal seal(String key) {
        return seal(SECRET, key);
    }

    private static CallSeal seal(String secret, String key) {
        return new CallSeal(secret, new IdempotencyKey(key), new SecureRandom());
    }

    private Outcome creates(String customer, Caller by) {
        String id = fleet.customers.create(customer, by.actor()).customerId();
        return new Outcome(id, false);
    }

    private String once(IdempotentCalls through, String key, Function<Caller, Outcome> call) {
        return through.once(CALLER, seal(key), INPUT, call);
    }

    private List<String> customers() {
        return fleet.customers.visibleTo(CALLER, 200, "").items().stream()
                .map(Customer::name)
                .toList();
    }

    private static void refused(Callable<?> call, String code) {
        assertThatThrownBy(call::call)
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    /** As when the process ends, before the answer could be kept. */
    private void dies(String key, Function<Caller, Outcome> until) {
        assertThatThrownBy(() -> once(calls, key, c -> {
                    Outcome untold = until.apply(c);
                    throw new IllegalStateException("the process ended before it told " + untold);
                }))
                .hasMessageStartingWith("the process ended");
    }

    @Test
    void manyAtOnceThroughSeveralProcessesAreOneAndAllAreAnsweredTheSame() throws Exception {
        List<IdempotentCalls> processes =
                List.of(calls, new IdempotentCalls(fleet.storage, fleet.ids, () -> Instant.now()));
        var begin = new CountDownLatch(1);
        var times = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                IdempotentCalls process = processes.get(i % 2);
                answers.add(threads.submit(() -> {
                    begin.await();
                    return once(process, "k", c -> {
                        times.incrementAndGet();
                        return creates("acme", c);
                    });
                }));
            }
            begin.countDown();
            Set<String> different = new HashSet<>();
            for (Future<String> answer : answers) {
                different.add(answer.get());
            }
            assertThat(different).hasSize(1);
        }
        assertThat(times).hasValue(1);
        assertThat(customers()).containsExactly("acme");
    }

    @Test
    void whatAProcessChangedBeforeItEndedIsNotDoneAgain() {
        dies("k", c -> creates("acme", c));
        fleet.later(KeptCalls.HELD.plusSeconds(1));
        refused(() -> once(calls, "k", c -> creates("acme", c)), "idempotency.answer-lost");
        assertThat(customers()).containsExactly("acme");
    }

    @Test
    void whatAProcessBeganAndDidntChangeIsDoneByTheNextTry() {
        dies("k", c -> new Outcome("input", false));
        fleet.later(KeptCalls.HELD.plusSeconds(1));
        assertThat(once(calls, "k", c -> creates("acme", c))).isNotEmpty();
        assertThat(customers()).containsExactly("acme");
    }

    @Test
    void aTryThatWasTakenForDeadChangesNothingMore() {
        String[] second = new String[1];
        refused(
                () -> once(calls, "k", first -> {
                    // It sleeps for longer than it holds the call, and another one does it meanwhile.
                    fleet.later(KeptCalls.HELD.plusSeconds(1));
                    second[0] = once(calls, "k", c -> creates("second", c));
                    return creates("first", first);
                }),
                "idempotency.taken-over");
        assertThat(customers()).containsExactly("second");
        assertThat(once(calls, "k", c -> creates("again", c))).isEqualTo(second[0]);
    }

    @Test
    void aLongCallIsHeldForAsLongAsItTakes() {
        var hasty = new IdempotentCalls(
                new KeptCalls(fleet.storage, fleet.ids, () -> Instant.now().plus(KeptCalls.HELD), 10), Duration.ZERO);
        once(calls, "k", c -> {
            fleet.later(KeptCalls.HELD.minusSeconds(1));
            calls.prolong();
            refused(() -> once(hasty, "k", other -> creates("acme", other)), "idempotency.under-way");
            return creates("acme", c);
        });
        assertThat(customers()).containsExactly("acme");
    }

    @Test
    void aFailureThatChangedNothingMayBeTriedAgainAndOneThatChangedSomethingIsKept() {
        assertThat(once(calls, "k", c -> new Outcome("registry away", true))).isEqualTo("registry away");
        assertThat(once(calls, "k", c -> new Outcome("done", false))).isEqualTo("done");

        once(calls, "half", c -> {
            creates("acme", c);
            return new Outcome("the second half failed", true);
        });
        assertThat(once(calls, "half", c -> creates("again", c))).isEqualTo("the second half failed");
        assertThat(customers()).containsExactly("acme");
    }

    @Test
    void aKeyIsForgottenAfterADay() {
        once(calls, "k", c -> new Outcome("first", false));
        fleet.later(KeptCalls.KEPT.minusMinutes(1));
        calls.forgetOld();
        assertThat(once(calls, "k", c -> new Outcome("second", false))).isEqualTo("first");
        fleet.later(Duration.ofMinutes(2));
        assertThat(once(calls, "k", c -> new Outcome("third", false))).isEqualTo("third");
        fleet.later(KeptCalls.KEPT.plusMinutes(1));
        calls.forgetOld();
        assertThat(rows()).isEmpty();
    }

    @Test
    void oneCallerCanOnlyHaveSoManyKept() {
        var narrow =
                new IdempotentCalls(new KeptCalls(fleet.storage, fleet.ids, () -> Instant.now(), 2), Duration.ZERO);
        once(narrow, "1", c -> new Outcome("first", false));
        once(narrow, "2", c -> new Outcome("second", false));
        once(narrow, "3", c -> new Outcome("third", false));
        assertThat(rows()).hasSize(2);
        assertThat(once(narrow, "3", c -> creates("acme", c))).isEqualTo("third");
        assertThat(once(narrow, "2", c -> creates("acme", c))).isEqualTo("second");
        assertThat(customers()).isEmpty();
        assertThat(once(narrow, "1", c -> new Outcome("again", false))).isEqualTo("again");
    }

    @Test
    void whatIsBeingCarriedOutIsNotForgottenForAnotherCall() {
        var narrow =
                new IdempotentCalls(new KeptCalls(fleet.storage, fleet.ids, () -> Instant.now(), 1), Duration.ZERO);
        once(narrow, "1", first -> {
            refused(() -> once(narrow, "2", c -> creates("second", c)), "idempotency.too-many");
            return creates("acme", first);
        });
        assertThat(customers()).containsExactly("acme");
    }

    @Test
    void onlyAFewWaitForACallAndTheOthersAreToldAtOnce() throws Exception {
        var done = new CountDownLatch(1);
        var begun = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> once(calls, "k", c -> {
                begun.countDown();
                try {
                    done.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return new Outcome("done", false);
            }));
            begun.await();
            var told = new LinkedBlockingQueue<String>();
            List<Future<String>> others = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                others.add(threads.submit(() -> {
                    try {
                        return once(calls, "k", c -> new Outcome("twice", false));
                    } catch (ProblemException e) {
                        told.add(e.code());
                        return e.code();
                    }
                }));
            }
            for (int i = 0; i < 6; i++) {
                assertThat(told.poll(20, TimeUnit.SECONDS)).isEqualTo("idempotency.under-way");
            }
            done.countDown();
            assertThat(first.get()).isEqualTo("done");
            List<String> answers = new ArrayList<>();
            for (Future<String> other : others) {
                answers.add(other.get());
            }
            assertThat(answers.stream().filter("done"::equals)).hasSize(4);
        }
    }

    @Test
    void anAnswerThatIsTooLargeToKeepIsToldToBeLost() {
        once(calls, "k", c -> new Outcome("x".repeat(1 << 20), false));
        once(calls, "changed", c -> {
            creates("acme", c);
            return new Outcome("x".repeat(1 << 20), false);
        });
        refused(() -> once(calls, "changed", c -> creates("again", c)), "idempotency.answer-lost");
        assertThat(customers()).containsExactly("acme");
    }

    @Test
    void whatIsKeptTellsNeitherTheKeyNorTheInputNorTheAnswer() {
        var seal = seal("the-key");
        calls.once(CALLER, seal, bytes("registry password"), c -> new Outcome("skk_secret answer", false));
        assertThat(rows())
                .hasSize(1)
                .allSatisfy(row -> assertThat(row)
                        .doesNotContain(
                                "the-key",
                                "password",
                                "skk_secret",
                                Base64.getEncoder().encodeToString(bytes("skk_secret answer")))
                        .doesNotContain(Digest.of(bytes("registry password")).hex()));
        String sealed = seal.seal(bytes("answer"));
        assertThat(seal("the-key").open(sealed)).isEqualTo(bytes("answer"));
        assertThatThrownBy(() -> seal("skk_" + "t".repeat(43), "the-key").open(sealed))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> seal("another-key").open(sealed)).isInstanceOf(IllegalStateException.class);
    }

    private List<String> rows() {
        return fleet.storage.read(h -> h.createQuery("SELECT * FROM idempotent_calls").mapToMap().list().stream()
                .map(Object::toString)
                .toList());
    }
}
