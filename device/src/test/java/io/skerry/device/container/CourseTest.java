package io.skerry.device.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.device.container.Launcher.Running;
import io.skerry.spec.desired.Recovery;
import io.skerry.spec.desired.Recovery.Exhausted;
import io.skerry.spec.desired.RestartPolicy;
import io.skerry.spec.status.ContainerStatus.Cause;
import io.skerry.spec.status.ContainerStatus.Exit;
import io.skerry.spec.status.ContainerStatus.State;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CourseTest {
    private static final Running RUNNING = new Running(new ProcessId(5, 50), new ProcessId(4, 40));

    private static Course course(RestartPolicy policy, Recovery recovery) {
        return new Course(
                Sandbox.with(Sandbox.container(policy), Optional.empty(), Optional.of(recovery), Optional.empty()));
    }

    private static long seconds(long seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }

    private static State after(RestartPolicy policy, Cause cause, int code) {
        Course course = course(policy, Recovery.DEFAULT);
        course.runs(RUNNING, 1, 0);
        course.ended(new Exit(code, cause, 2), seconds(1));
        return course.state();
    }

    @Test
    void eachPolicyTakesAnEndInItsOwnWay() {
        assertThat(after(RestartPolicy.NO, Cause.EXITED, 1)).isEqualTo(State.STOPPED);
        assertThat(after(RestartPolicy.ON_FAILURE, Cause.EXITED, 1)).isEqualTo(State.BACKING_OFF);
        assertThat(after(RestartPolicy.ON_FAILURE, Cause.EXITED, 0)).isEqualTo(State.STOPPED);
        for (RestartPolicy policy : new RestartPolicy[] {RestartPolicy.ALWAYS, RestartPolicy.UNLESS_STOPPED}) {
            assertThat(after(policy, Cause.EXITED, 0)).isEqualTo(State.BACKING_OFF);
            assertThat(after(policy, Cause.HALTED, 130)).isEqualTo(State.STOPPED);
        }
    }

    @Test
    void startsAgainAfterTheDelayAndCountsIt() {
        Course course = course(RestartPolicy.ALWAYS, Recovery.DEFAULT);
        course.runs(RUNNING, 1, 0);
        course.ended(new Exit(1, Cause.EXITED, 2), seconds(10));

        assertThat(course.startDue(seconds(11) - 1)).isFalse();
        assertThat(course.startDue(seconds(11))).isTrue();
        course.startsAgain();
        assertThat(course.restarts()).isOne();
    }

    @Test
    void endsGivenUpAndTheNextDaemonKnows() {
        Course course = course(RestartPolicy.ALWAYS, new Recovery(1, 1, 2, 60, 60, Exhausted.GIVE_UP, 0));
        for (int i = 0; i < 2; i++) {
            course.startsAgain();
            course.runs(RUNNING, 1, 0);
            course.ended(new Exit(1, Cause.EXITED, 2), seconds(1));
        }
        assertThat(course.state()).isEqualTo(State.GIVEN_UP);

        Course next = course(RestartPolicy.ALWAYS, Recovery.DEFAULT);
        next.goOn(course.note("boot"), 0);
        assertThat(next.state()).isEqualTo(State.GIVEN_UP);
        Course rebooted = course(RestartPolicy.ALWAYS, Recovery.DEFAULT);
        rebooted.afterReboot(course.note("boot"));
        assertThat(rebooted.state()).isEqualTo(State.WAITING);
    }

    @Test
    void aStartThatFailsIsTriedAgainWhateverThePolicy() {
        Course course = course(RestartPolicy.NO, Recovery.DEFAULT);
        course.failed(0);

        assertThat(course.state()).isEqualTo(State.BACKING_OFF);
        assertThat(course.untilStart(0)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void onlyAHaltThatNoStartCameAfterIsNoted() {
        Course course = course(RestartPolicy.UNLESS_STOPPED, Recovery.DEFAULT);
        course.runs(RUNNING, 1, 0);
        course.ended(new Exit(130, Cause.HALTED, 2), seconds(1));
        assertThat(course.note("boot").halted()).isTrue();

        course.startsAgain();
        course.runs(RUNNING, 3, seconds(2));
        assertThat(course.note("boot").halted()).isFalse();
    }
}
