package io.skerry.device.revision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.device.revision.Patience.CancelledException;
import io.skerry.spec.Problem;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PatienceTest {
    private final Patience patience = new Patience(Ticker.system());

    @Test
    void cancellationInterruptsWhatIsDoneInterruptibly() {
        var interrupted = new AtomicBoolean();

        assertThatThrownBy(() -> patience.interruptibly(() -> {
                    Thread.startVirtualThread(patience::cancel);
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        interrupted.set(true);
                    }
                    throw new Problem("host.command-interrupted", "It was told to end.").asException();
                }))
                .isInstanceOf(CancelledException.class);
        assertThat(interrupted).isTrue();
    }

    @Test
    void cancellationThatCameTooLateToInterruptMeetsNothingElse() {
        assertThatThrownBy(() -> patience.interruptibly(() -> {
                    patience.cancel();
                    return "done";
                }))
                .isInstanceOf(CancelledException.class);

        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void whatIsCancelledAlreadyIsNotBegun() {
        var begun = new AtomicBoolean();
        patience.cancel();

        assertThatThrownBy(() -> patience.interruptibly(() -> begun.getAndSet(true)))
                .isInstanceOf(CancelledException.class);

        assertThat(begun).isFalse();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void whatIsDoneAfterwardsIsNotInterrupted() {
        assertThat(patience.<String>interruptibly(() -> "done")).isEqualTo("done");

        patience.cancel();

        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void whatFailsByItselfIsToldAsSuch() {
        assertThatThrownBy(() -> patience.interruptibly(() -> {
                    throw new Problem("container.unknown", "There is none.").asException();
                }))
                .hasMessageContaining("There is none");
    }
}
