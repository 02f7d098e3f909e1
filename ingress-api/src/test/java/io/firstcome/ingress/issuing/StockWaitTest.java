package io.firstcome.ingress.issuing;

import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import org.junit.jupiter.api.Test;

import io.firstcome.ingress.admission.AdmissionOutcome;
import io.firstcome.ingress.admission.AdmissionOutcome.Admitted;
import io.firstcome.ingress.admission.AdmissionOutcome.Full;
import io.firstcome.ingress.registry.CouponMoves;

class StockWaitTest {

    private static final Duration FOR_EVER = Duration.ofDays(1);

    private final CouponMoves moves = new CouponMoves();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile AdmissionOutcome says = new Full();

    @Test
    void shouldAskOnceWhenTheAnswerIsThere() throws Exception {
        // given
        says = new Admitted();

        // then
        assertThat(new StockWait(moves, FOR_EVER, 1).ask(COUPON, this::gate)).isEqualTo(new Admitted());
        assertThat(asked).hasValue(1);
    }

    @Test
    void shouldAskAgainWhenTheCouponMoves() {
        // given
        CompletableFuture<AdmissionOutcome> waiting = wait(new StockWait(moves, FOR_EVER, 1));
        await().until(() -> asked.get() >= 2);

        // when
        says = new Admitted();
        moves.moved(COUPON);

        // then
        assertThat(waiting.join()).isEqualTo(new Admitted());
    }

    @Test
    void shouldNotMissAMoveWhileItAsks() {
        // given
        Supplier<AdmissionOutcome> gate = () -> {
            AdmissionOutcome before = gate();
            if (asked.get() == 2) {
                says = new Admitted();
                moves.moved(COUPON);
            }
            return before;
        };

        // then
        assertThat(wait(new StockWait(moves, FOR_EVER, 1), gate).join()).isEqualTo(new Admitted());
        assertThat(asked).hasValue(3);
    }

    @Test
    void shouldAskNowAndThenWithoutAMove() {
        // given
        CompletableFuture<AdmissionOutcome> waiting = wait(new StockWait(moves, FOR_EVER, 1));

        // when
        await().until(() -> asked.get() >= 2);
        says = new Admitted();

        // then
        assertThat(waiting.join()).isEqualTo(new Admitted());
    }

    @Test
    void shouldGiveUpInTime() {
        // then
        assertThat(wait(new StockWait(moves, Duration.ofMillis(1), 1)).join()).isEqualTo(new Full());
    }

    @Test
    void shouldLetOnlySoManyWait() throws Exception {
        // given
        var stockWait = new StockWait(moves, FOR_EVER, 1);
        CompletableFuture<AdmissionOutcome> first = wait(stockWait);
        await().until(() -> asked.get() >= 2);

        // then
        assertThat(stockWait.ask(COUPON, Full::new)).isEqualTo(new Full());
        says = new Admitted();
        assertThat(first.join()).isEqualTo(new Admitted());
        assertThat(stockWait.ask(COUPON, this::fullOnce)).as("the place is free again").isEqualTo(new Admitted());
    }

    private AdmissionOutcome fullOnce() {
        return says = says instanceof Full ? new Admitted() : new Full();
    }

    private AdmissionOutcome gate() {
        asked.incrementAndGet();
        return says;
    }

    private CompletableFuture<AdmissionOutcome> wait(StockWait stockWait) {
        return wait(stockWait, this::gate);
    }

    private static CompletableFuture<AdmissionOutcome> wait(StockWait stockWait, Supplier<AdmissionOutcome> gate) {
        var answer = new CompletableFuture<AdmissionOutcome>();
        Thread.ofVirtual().start(() -> {
            try {
                answer.complete(stockWait.ask(COUPON, gate));
            } catch (InterruptedException e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }
}
