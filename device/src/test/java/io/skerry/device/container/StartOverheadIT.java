package io.skerry.device.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.device.host.HostCommand;
import io.skerry.spec.desired.RestartPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The daemon's own start of a container against the bare runtime's; needs root, runc, conmon and tini. */
class StartOverheadIT {
    private static final int RUNS = 15;

    private final Sandbox box = new Sandbox();

    @AfterEach
    void clean() {
        try (box) {
            box.stopAll();
        }
    }

    @Test
    void aStartCostsLittleMoreThanTheRuntimesOwn() throws IOException {
        List<Long> ours = new ArrayList<>();
        List<Long> bare = new ArrayList<>();
        for (int i = 0; i < RUNS; i++) {
            long begin = System.nanoTime();
            box.containers.start("one", Sandbox.container(RestartPolicy.ALWAYS), box.image("/bin/sleep", "1000"));
            ours.add(System.nanoTime() - begin);

            // The same bundle, with the same root still mounted, in a control group of its own.
            Path bundle = Files.createDirectories(box.data.resolve("bare"));
            String config = Files.readString(box.data.resolve("containers/one/bundle/config.json"));
            Files.writeString(
                    bundle.resolve("config.json"), config.replace("/one\",\"resources", "/bare\",\"resources"));
            begin = System.nanoTime();
            box.commands
                    .run(HostCommand.of(
                                    // Its output isn't ours: it would be held open as long as the container runs.
                                    "sh",
                                    "-c",
                                    "exec runc --root \"$1\" run --detach bare </dev/null >/dev/null 2>&1",
                                    "sh",
                                    "" + box.settings.runcRoot())
                            .in(bundle))
                    .orFail();
            bare.add(System.nanoTime() - begin);
            box.commands.run(
                    HostCommand.of("runc", "--root", "" + box.settings.runcRoot(), "delete", "--force", "bare"));
            box.containers.stop("one");
        }
        long overhead = (median(ours) - median(bare)) / 1_000_000;
        System.getLogger("start")
                .log(
                        System.Logger.Level.INFO,
                        () -> "start " + median(ours) / 1_000_000 + " ms, bare runtime " + median(bare) / 1_000_000
                                + " ms");

        // The aim is 50 ms; where the bare runtime itself is slow, the machine has other things to do.
        assertThat(overhead).isLessThan(Math.max(50, 2 * median(bare) / 1_000_000));
    }

    private static long median(List<Long> times) {
        List<Long> sorted = new ArrayList<>(times);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }
}
