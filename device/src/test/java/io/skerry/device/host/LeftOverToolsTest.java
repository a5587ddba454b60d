package io.skerry.device.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftOverToolsTest {
    @TempDir
    Path mine;

    @TempDir
    Path others;

    @Test
    void endsTheToolsOfOneOwnerOnly() throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<CommandResult> ends = sleep(mine, "1111");
        CompletableFuture<CommandResult> goesOn = sleep(others, "2222");

        LeftOverTools.end(mine);

        assertThat(ends.get(20, TimeUnit.SECONDS).succeeded()).isFalse();
        assertThat(goesOn).isNotDone();
        LeftOverTools.end(others);
        assertThat(goesOn.get(20, TimeUnit.SECONDS).succeeded()).isFalse();
    }

    /** Whoever is amid execve(2) has no environment for a moment, and so no mark. */
    @Test
    void endsAToolThatBecomesAnotherProgramAgainAndAgain()
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        Path one = others.resolve("one");
        Path two = others.resolve("two");
        Files.writeString(one, "exec sh " + two);
        Files.writeString(two, "exec sh " + one);

        for (int round = 0; round < 20; round++) {
            CompletableFuture<CommandResult> tool = CompletableFuture.supplyAsync(
                    () -> new HostCommands(mine).run(HostCommand.of("sh", one.toString())), Thread::startVirtualThread);
            await().until(() -> ProcessHandle.current()
                    .descendants()
                    .anyMatch(p -> p.info().commandLine().orElse("").contains(others.toString())));

            LeftOverTools.end(mine);

            assertThat(tool.get(20, TimeUnit.SECONDS).succeeded()).isFalse();
        }
    }

    /** As unshare does, which has a child mount what it made. */
    @Test
    void endsToolsThatBegetOthersAllTheWhile() throws InterruptedException, ExecutionException, TimeoutException {
        for (int round = 0; round < 3; round++) {
            CompletableFuture<CommandResult> tool = CompletableFuture.supplyAsync(
                    () -> new HostCommands(mine)
                            .run(HostCommand.of("sh", "-c", "while :; do sleep 4444 & sleep 0.002; done")),
                    Thread::startVirtualThread);
            await().until(() -> process("4444").isPresent());

            LeftOverTools.end(mine);

            assertThat(ProcessHandle.allProcesses()
                            .filter(p -> p.info().commandLine().orElse("").endsWith("sleep 4444")))
                    .isEmpty();
            assertThat(tool.get(20, TimeUnit.SECONDS).succeeded()).isFalse();
        }
    }

    @Test
    void leavesTheParentsOfContainersAlone() throws InterruptedException, ExecutionException, TimeoutException {
        // By the name that it has been given, as a child of something that is called conmon.
        CompletableFuture<CommandResult> goesOn = CompletableFuture.supplyAsync(
                () -> new HostCommands(mine).run(HostCommand.of("sh", "-c", "sleep 3333; true", "/usr/bin/conmon")),
                Thread::startVirtualThread);
        await().until(() -> process("3333").isPresent());

        LeftOverTools.end(mine);

        assertThat(goesOn).isNotDone();
        process("3333").ifPresent(ProcessHandle::destroyForcibly);
        assertThat(goesOn.get(20, TimeUnit.SECONDS).succeeded()).isTrue();
    }

    private static CompletableFuture<CommandResult> sleep(Path owner, String seconds) {
        CompletableFuture<CommandResult> result = CompletableFuture.supplyAsync(
                () -> new HostCommands(owner).run(HostCommand.of("sleep", seconds)), Thread::startVirtualThread);
        await().until(() -> process(seconds).isPresent());
        return result;
    }

    private static Optional<ProcessHandle> process(String seconds) {
        return ProcessHandle.current()
                .descendants()
                .filter(p -> p.info().commandLine().orElse("").endsWith("sleep " + seconds))
                .findFirst();
    }
}
