package io.skerry.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.lab.Installation;
import io.skerry.lab.reliability.CutOutcome;
import io.skerry.lab.reliability.MachineFleet;
import io.skerry.lab.reliability.PowerCuts;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.TestInstance;

/**
 * Hard power cuts in the middle of updates, on a disk that loses what wasn't flushed ({@link PowerLossIT} shows that it does). A
 * few of the many that {@code ./skerry bench reliability} makes.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PowerCutIT {
    private final Random seeds = new Random(1);
    private PowerCuts cuts;

    @BeforeAll
    void startDevice() {
        Assumptions.assumeTrue(MachineFleet.missing().isEmpty(), MachineFleet.missing());
        cuts = new PowerCuts(Installation.ofCheckout(), "powercut", line -> System.out.println("  " + line));
    }

    @AfterAll
    void endDevice() {
        if (cuts != null) {
            cuts.close();
        }
    }

    @RepeatedTest(6)
    void deviceIsWholeAfterAPowerCutAndGetsToTheNewVersionByItself() {
        CutOutcome outcome = cuts.cut(seeds.nextLong());
        System.out.println("  " + outcome);
        assertThat(outcome.faults()).as("%s", outcome).isEmpty();
    }
}
