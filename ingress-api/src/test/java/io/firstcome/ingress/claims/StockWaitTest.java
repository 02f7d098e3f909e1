package io.firstcome.ingress.claims;

import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.RequestId;
import io.firstcome.gate.admission.AdmissionOutcome;
import io.firstcome.gate.admission.AdmissionOutcome.Admitted;
import io.firstcome.gate.admission.AdmissionOutcome.AlreadyIssued;
import io.firstcome.gate.admission.AdmissionOutcome.Cold;
import io.firstcome.gate.admission.AdmissionOutcome.Full;
import io.firstcome.gate.admission.AdmissionOutcome.Rejected;
import io.firstcome.gate.admission.AdmissionOutcome.Unavailable;
import io.firstcome.readmodel.coupons.CouponChangeNotifier;

class StockWaitTest {

    private static final Duration FOR_EVER = Duration.ofDays(1);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final CouponChangeNotifier moves = new CouponChangeNotifier(Runnable::run);
    private final AtomicInteger asked = new AtomicInteger();
    private volatile AdmissionOutcome says = new Full();

    @Test
    void shouldAskOnceWhenTheAnswerIsThere() throws Exception {
        // given
        says = new Admitted();

        // when
        AdmissionOutcome outcome = stockWait(FOR_EVER).ask(COUPON, this::gate);

        // then
        assertThat(outcome).isEqualTo(new Admitted());
        assertThat(asked).hasValue(1);
    }

    @Test
    void shouldAskAgainWhenTheCouponMoves() {
        // given
        CompletableFuture<AdmissionOutcome> waiting = wait(stockWait(FOR_EVER));
        await().until(() -> asked.get() >= 2);

        // when
        says = new Admitted();
        moves.wakeAll(COUPON);

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
                moves.wakeAll(COUPON);
            }
            return before;
        };

        // when
        AdmissionOutcome outcome = wait(stockWait(FOR_EVER), gate).join();

        // then
        assertThat(outcome).isEqualTo(new Admitted());
        assertThat(asked).hasValue(3);
    }

    @Test
    void shouldAskNowAndThenWithoutAMove() {
        // given
        CompletableFuture<AdmissionOutcome> waiting = wait(new StockWait(moves, FOR_EVER, 1, Duration.ofMillis(1)));

        // when
        await().until(() -> asked.get() >= 3);
        says = new Admitted();

        // then
        assertThat(waiting.join()).isEqualTo(new Admitted());
    }

    @ParameterizedTest
    @MethodSource
    void shouldGoOnWaitingWhileTheGateCannotSay(AdmissionOutcome troubled) {
        // given
        CompletableFuture<AdmissionOutcome> waiting = wait(stockWait(FOR_EVER));
        await().until(() -> asked.get() >= 2);
        says = troubled;
        moves.wakeAll(COUPON);
        await().until(() -> asked.get() >= 3);

        // when
        says = Rejected.of(RejectionReason.SOLD_OUT);
        moves.wakeAll(COUPON);

        // then
        assertThat(waiting.join()).isEqualTo(Rejected.of(RejectionReason.SOLD_OUT));
    }

    static Stream<AdmissionOutcome> shouldGoOnWaitingWhileTheGateCannotSay() {
        return Stream.of(new Cold(), new Unavailable());
    }

    @Test
    void shouldCallOneForAPlaceThatCameFree() {
        // given
        var stockWait = stockWait(FOR_EVER);
        CompletableFuture<AdmissionOutcome> one = wait(stockWait);
        CompletableFuture<AdmissionOutcome> two = wait(stockWait);
        await().until(() -> asked.get() >= 4);

        // when
        moves.wakeOne(COUPON);
        await().until(() -> asked.get() == 5);
        says = new Admitted();
        moves.wakeOne(COUPON);

        // then
        assertThat(CompletableFuture.anyOf(one, two).join()).isEqualTo(new Admitted());
        assertThat(asked).as("nobody else was called").hasValue(6);
        assertThat(one.isDone() && two.isDone()).isFalse();
        moves.wakeOne(COUPON);
        assertThat(CompletableFuture.allOf(one, two)).succeedsWithin(PATIENCE);
    }

    @Test
    void shouldPassAPlaceOnThatItHasNoUseFor() {
        // given
        var stockWait = stockWait(FOR_EVER);
        List<CompletableFuture<AdmissionOutcome>> all = List.of(wait(stockWait), wait(stockWait), wait(stockWait));
        await().until(() -> asked.get() >= 6);

        // when
        says = new AlreadyIssued(1, new RequestId("r1"), Instant.EPOCH);
        moves.wakeOne(COUPON);

        // then
        assertThat(all).allSatisfy(each -> assertThat(each).succeedsWithin(PATIENCE));
    }

    @Test
    void shouldGiveUpInTime() {
        // when
        AdmissionOutcome outcome = wait(stockWait(Duration.ofMillis(1))).join();

        // then
        assertThat(outcome).isEqualTo(new Full());
    }

    @Test
    void shouldLetOnlySoManyWait() throws Exception {
        // given
        var stockWait = new StockWait(moves, FOR_EVER, 1, FOR_EVER);
        CompletableFuture<AdmissionOutcome> first = wait(stockWait);
        await().until(() -> asked.get() >= 2);

        // when
        AdmissionOutcome second = stockWait.ask(COUPON, Full::new);

        // then
        assertThat(second).isEqualTo(new Full());
        says = new Admitted();
        moves.wakeAll(COUPON);
        assertThat(first.join()).isEqualTo(new Admitted());
        assertThat(stockWait.ask(COUPON, this::fullOnce)).as("the place is free again").isEqualTo(new Admitted());
    }

    private StockWait stockWait(Duration longest) {
        return new StockWait(moves, longest, 3, FOR_EVER);
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
