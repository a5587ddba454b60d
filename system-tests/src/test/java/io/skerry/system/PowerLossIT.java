package io.skerry.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.lab.Installation;
import io.skerry.lab.vm.Cut;
import io.skerry.lab.vm.MachineSettings;
import io.skerry.lab.vm.VirtualMachine;
import io.skerry.lab.vm.VolatileDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power cuts themselves: they lose what a careless program wrote, and nothing of what a careful one did. Without the first,
 * a test that a device survives them would say nothing.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PowerLossIT {
    private static final int RECORD_BYTES = 65536;
    /** Where ext4 has it: in the second half of the superblock, which has its counters in the first. */
    private static final long SUPERBLOCK_CHECKSUM = 1024 + 0x3fc;

    private static final Pattern ACKNOWLEDGED = Pattern.compile("^acknowledged (\\d{7})$", Pattern.MULTILINE);

    /** Replaces a record by its successor for ever, and says so when the successor should be there. */
    private static final String WRITER = """
            cat >/run/writer <<'END'
            durable() { [ "$1" != synced ] || sync "$2"; }
            cd /disk
            n=0
            while :; do
              n=$((n + 1))
              number=$(printf %%07d $n)
              yes $number | head -c %d >record.new
              durable %s record.new
              mv record.new record
              durable %s .
              echo "acknowledged $number" >/dev/ttyS0
            done
            END
            rm -f /disk/record*; sync /disk
            setsid sh /run/writer >/dev/null 2>&1 &
            """;

    private Path folder;

    private VolatileDisk disk;
    private VirtualMachine machine;

    @BeforeAll
    void bootMachine(@TempDir Path temporary) {
        Assumptions.assumeTrue(VirtualMachine.missing().isEmpty(), VirtualMachine.missing());
        folder = temporary;
        disk = VolatileDisk.formatted(folder.resolve("disk"), 256L << 20);
        machine = new VirtualMachine(
                MachineSettings.plain().withDisk(disk),
                Installation.ofCheckout().state(),
                folder);
        machine.boot();
    }

    @AfterAll
    void endMachine() {
        if (machine != null) {
            machine.close();
            disk.close();
        }
    }

    @Test
    void machineHasAKernelAndControlGroupsOfItsOwn() {
        assertThat(machine.output("stat -f -c %T /sys/fs/cgroup; findmnt -n -o FSTYPE /disk"))
                .isEqualTo("cgroup2fs\next4\n");
        assertThat(machine.output("cat /sys/fs/cgroup/cgroup.controllers")).contains("memory", "pids", "cpu");
        assertThat(machine.output("uname -r")).isNotEqualTo(Shell.output("uname", "-r"));
        assertThat(machine.run(Duration.ofSeconds(1), "sleep 60").code()).isEqualTo(143);
        assertThat(machine.run(Duration.ofSeconds(5), "printf 'a\\\\b\\n'; echo c >&2; exit 3"))
                .satisfies(r -> assertThat(List.of(r.code(), r.out(), r.err())).isEqualTo(List.of(3, "a\\b\n", "c\n")));
    }

    @Test
    void withoutFsyncWhatWasAcknowledgedIsLost() {
        long seed = new Random().nextLong();
        System.out.println("Power cuts without fsync: seed " + seed);
        Random random = new Random(seed);
        boolean found = false;
        for (int cut = 1; cut <= 5 && !found; cut++) {
            machine.output(WRITER.formatted(RECORD_BYTES, "loose", "loose"));
            int wanted = 10 + random.nextInt(20);
            Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> acknowledged() >= wanted);
            Outcome outcome = cutAndLook(random);
            System.out.println("  " + outcome);
            found = !outcome.kept();
        }
        assertThat(found).as("a loss was found, seed %d", seed).isTrue();
    }

    @Test
    void withFsyncNothingThatWasAcknowledgedIsEverLostOrTorn() {
        long seed = new Random().nextLong();
        System.out.println("Power cuts with fsync: seed " + seed);
        Random random = new Random(seed);
        for (int cut = 1; cut <= 4; cut++) {
            machine.output(WRITER.formatted(RECORD_BYTES, "synced", "synced"));
            disk.stopBefore(disk.changes() + 20 + random.nextInt(100));
            assertThat(disk.stopped(Duration.ofMinutes(2))).isTrue();
            Outcome outcome = cutAndLook(random);
            System.out.println("  " + outcome);
            assertThat(outcome.kept()).as("%s, seed %d", outcome, seed).isTrue();
        }
        machine.powerOff();
        Shell.output("e2fsck", "-f", "-n", folder.resolve("disk").toString());
        machine.boot();
    }

    @Test
    void superblockThatWasTornIsMendedSoThatItsDiskIsMounted() throws IOException {
        machine.output("echo before >/disk/kept");
        machine.powerOff();
        try (FileChannel medium = FileChannel.open(folder.resolve("disk"), StandardOpenOption.WRITE)) {
            medium.write(ByteBuffer.allocate(Integer.BYTES), SUPERBLOCK_CHECKSUM);
        }

        machine.boot();

        assertThat(machine.output("dmesg")).contains("invalid superblock checksum");
        assertThat(machine.output("cat /disk/kept")).isEqualTo("before\n");
    }

    private record Outcome(Cut cut, int acknowledged, String found) {
        /** Whether what is there is whole and no older than what was acknowledged. */
        boolean kept() {
            return acknowledged == 0 || (found.matches("\\d{7}\n") && Integer.parseInt(found.strip()) >= acknowledged);
        }
    }

    private Outcome cutAndLook(Random random) {
        Cut cut = machine.cut(random);
        int acknowledged = acknowledged();
        machine.boot();
        String found = machine.output(
                "cd /disk; [ $(stat -c %%s record) = %d ] && uniq record | head -n 3 || ls -l".formatted(RECORD_BYTES));
        assertThat(machine.output("dmesg")).doesNotContain("EXT4-fs error");
        return new Outcome(cut, acknowledged, found);
    }

    private int acknowledged() {
        return ACKNOWLEDGED
                .matcher(machine.consoleText().replace("\r", ""))
                .results()
                .mapToInt(m -> Integer.parseInt(m.group(1)))
                .max()
                .orElse(0);
    }
}
