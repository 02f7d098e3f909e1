package io.firstcome.ingress.claims;

import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.definition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.id.RequestId;
import io.firstcome.gate.admission.AdmissionOutcome;
import io.firstcome.gate.admission.AdmissionOutcome.Admitted;
import io.firstcome.gate.admission.AdmissionOutcome.AlreadyIssued;
import io.firstcome.gate.admission.AdmissionOutcome.Cold;
import io.firstcome.gate.admission.AdmissionOutcome.Full;
import io.firstcome.gate.admission.AdmissionOutcome.Rejected;
import io.firstcome.gate.admission.AdmissionOutcome.Unavailable;
import io.firstcome.ingress.limits.StockWaiters;
import io.firstcome.readmodel.coupons.CouponChangeNotifier;
import io.firstcome.readmodel.coupons.CouponRegistry;

class StockWaitTest {

    private static final Duration ONE_DAY = Duration.ofDays(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final StockWait.Caller STAYS = _ -> () -> {};

    private final CouponChangeNotifier changes = new CouponChangeNotifier(Runnable::run);
    private final CouponRegistry registry = new CouponRegistry(_ -> {});
    private final AtomicBoolean isKeptFromProlonging = new AtomicBoolean();
    private final AtomicInteger gateCalls = new AtomicInteger();
    private volatile AdmissionOutcome reply = new Full();

    @Test
    void shouldCallTheGateOnceForAFinalReply() throws Exception {
        // given
        reply = new Admitted();

        // when
        AdmissionOutcome outcome = ask(stockWait(ONE_DAY), this::gate);

        // then
        assertThat(outcome).isEqualTo(new Admitted());
        assertThat(gateCalls).hasValue(1);
    }

    @Test
    void shouldRetryWhenTheCouponChanges() {
        // given
        CompletableFuture<AdmissionOutcome> waiting = wait(stockWait(ONE_DAY));
        await().until(() -> gateCalls.get() >= 2);

        // when
        reply = new Admitted();
        changes.wakeAll(COUPON);

        // then
        assertThat(waiting.join()).isEqualTo(new Admitted());
    }

    @Test
    void shouldRetrySoonWhenTheGateReadsAChangeLate() {
        // given
        CompletableFuture<AdmissionOutcome> waiting = wait(stockWait(ONE_DAY));
        await().until(() -> gateCalls.get() >= 2);

        // when
        changes.wakeOne(COUPON);
        await("the gate has not read the change").until(() -> gateCalls.get() >= 5);
        reply = new Admitted();

        // then
        assertThat(waiting).succeedsWithin(TIMEOUT).isEqualTo(new Admitted());
    }

    @Test
    void shouldRetryAfterAChangeDuringTheCall() {
        // given
        Supplier<AdmissionOutcome> gate = () -> {
            AdmissionOutcome before = gate();
            if (gateCalls.get() == 2) {
                reply = new Admitted();
                changes.wakeAll(COUPON);
            }
            return before;
        };

        // when
        AdmissionOutcome outcome = wait(stockWait(ONE_DAY), gate).join();

        // then
        assertThat(outcome).isEqualTo(new Admitted());
        assertThat(gateCalls).hasValue(3);
    }

    @Test
    void shouldRetryPeriodicallyWithoutAChange() {
        // given
        CompletableFuture<AdmissionOutcome> waiting = wait(
                new StockWait(changes, registry, _ -> !isKeptFromProlonging.get(), ONE_DAY, new StockWaiters(1),
                        Duration.ofMillis(1)));

        // when
        await().until(() -> gateCalls.get() >= 3);
        reply = new Admitted();

        // then
        assertThat(waiting.join()).isEqualTo(new Admitted());
    }

    @ParameterizedTest
    @MethodSource
    void shouldKeepWaitingWithoutAReplyOfTheGate(AdmissionOutcome noAnswer) {
        // given
        CompletableFuture<AdmissionOutcome> waiting = wait(stockWait(ONE_DAY));
        await().until(() -> gateCalls.get() >= 2);
        reply = noAnswer;
        changes.wakeAll(COUPON);
        await().until(() -> gateCalls.get() >= 3);

        // when
        reply = Rejected.of(RejectionReason.SOLD_OUT);
        changes.wakeAll(COUPON);

        // then
        assertThat(waiting.join()).isEqualTo(Rejected.of(RejectionReason.SOLD_OUT));
    }

    static Stream<AdmissionOutcome> shouldKeepWaitingWithoutAReplyOfTheGate() {
        return Stream.of(new Cold(), new Unavailable());
    }

    @Test
    void shouldWakeOneWaiterForAFreedReservation() {
        // given
        var stockWait = stockWait(ONE_DAY);
        var callsOfOne = new AtomicInteger();
        var callsOfTwo = new AtomicInteger();
        CompletableFuture<AdmissionOutcome> one = wait(stockWait, () -> counted(callsOfOne));
        CompletableFuture<AdmissionOutcome> two = wait(stockWait, () -> counted(callsOfTwo));
        await().until(() -> callsOfOne.get() == 2 && callsOfTwo.get() == 2);

        // when
        changes.wakeOne(COUPON);
        await().until(() -> callsOfOne.get() + callsOfTwo.get() >= 6);
        reply = new Admitted();

        // then
        assertThat(CompletableFuture.anyOf(one, two)).succeedsWithin(TIMEOUT).isEqualTo(new Admitted());
        assertThat(Math.min(callsOfOne.get(), callsOfTwo.get())).as("only one waiter was woken").isEqualTo(2);
        assertThat(one.isDone() && two.isDone()).isFalse();
        changes.wakeOne(COUPON);
        assertThat(CompletableFuture.allOf(one, two)).succeedsWithin(TIMEOUT);
    }

    private AdmissionOutcome counted(AtomicInteger calls) {
        calls.incrementAndGet();
        return reply;
    }

    @Test
    void shouldWakeTheNextWaiterWhenOneDoesNotUseIt() {
        // given
        var stockWait = stockWait(ONE_DAY);
        List<CompletableFuture<AdmissionOutcome>> all = List.of(wait(stockWait), wait(stockWait), wait(stockWait));
        await().until(() -> gateCalls.get() >= 6);

        // when
        reply = new AlreadyIssued(1, new RequestId("r1"), Instant.EPOCH);
        changes.wakeOne(COUPON);

        // then
        assertThat(all).allSatisfy(each -> assertThat(each).succeedsWithin(TIMEOUT));
    }

    @Test
    void shouldReturnFullAfterTheTimeout() {
        // when
        AdmissionOutcome outcome = wait(stockWait(Duration.ofMillis(1))).join();

        // then
        assertThat(outcome).isEqualTo(new Full());
    }

    @Test
    void shouldWaitOnWhileTheCouponIsIssued() throws Exception {
        // given
        issued(0);
        Supplier<AdmissionOutcome> gate = () -> {
            issued(gateCalls.incrementAndGet());
            return gateCalls.get() < 20 ? new Full() : new Admitted();
        };

        // when
        AdmissionOutcome outcome = ask(stockWait(Duration.ofMillis(20)), ONE_DAY, gate);

        // then
        assertThat(outcome).isEqualTo(new Admitted());
    }

    @ParameterizedTest
    @CsvSource({"PT0S,false,1000", "P1D,true,1000", "P1D,false,0"})
    void shouldNotWaitOn(Duration longest, boolean stops, long stock) throws Exception {
        // given
        isKeptFromProlonging.set(stops);
        Supplier<AdmissionOutcome> gate = () -> {
            long issued = gateCalls.incrementAndGet();
            apply(issued + stock, issued);
            return gateCalls.get() < 20 ? new Full() : new Admitted();
        };

        // when
        AdmissionOutcome outcome = ask(stockWait(Duration.ofMillis(20)), longest, gate);

        // then
        assertThat(outcome).isEqualTo(new Full());
    }

    @ParameterizedTest
    @MethodSource("shouldKeepWaitingWithoutAReplyOfTheGate")
    void shouldNotWaitOnWithoutAReplyOfTheGate(AdmissionOutcome noAnswer) throws Exception {
        // given
        issued(0);
        Supplier<AdmissionOutcome> gate = () -> {
            issued(gateCalls.incrementAndGet());
            return gateCalls.get() == 1 ? new Full() : gateCalls.get() < 20 ? noAnswer : new Admitted();
        };

        // when
        AdmissionOutcome outcome = ask(stockWait(Duration.ofMillis(20)), ONE_DAY, gate);

        // then
        assertThat(outcome).isEqualTo(noAnswer);
    }

    private void issued(long issued) {
        apply(1000, issued);
    }

    private void apply(long stock, long issued) {
        registry.apply(new CouponState(definition(stock), CouponStatus.ACTIVE, gateCalls.get() + 1, issued));
    }

    @Test
    void shouldLimitTheWaiters() throws Exception {
        // given
        var stockWait = new StockWait(changes, registry, _ -> !isKeptFromProlonging.get(), ONE_DAY, new StockWaiters(1),
                ONE_DAY);
        CompletableFuture<AdmissionOutcome> first = wait(stockWait);
        await().until(() -> gateCalls.get() >= 2);

        // when
        AdmissionOutcome second = ask(stockWait, Full::new);

        // then
        assertThat(second).isEqualTo(new Full());
        reply = new Admitted();
        changes.wakeAll(COUPON);
        assertThat(first.join()).isEqualTo(new Admitted());
        assertThat(ask(stockWait, this::fullOnce)).as("the permit is free again").isEqualTo(new Admitted());
    }

    @Test
    void shouldLeaveThePlaceOnlyToWait() throws Exception {
        // given
        var places = new AtomicInteger(1);

        try (StockWait.Turn turn = stockWait(Duration.ofMillis(1)).turn(COUPON, places::decrementAndGet, STAYS)) {
            // when
            reply = new Admitted();
            turn.ask(Duration.ZERO, this::gate);

            // then
            assertThat(places).hasValue(1);

            // when
            reply = new Full();
            turn.ask(Duration.ZERO, this::gate);

            // then
            assertThat(places).hasValue(0);
        }
    }

    @Test
    void shouldCountAWaiterOnceAndUntilItsAnswer() throws Exception {
        // given
        var waiters = new StockWaiters(2);
        var stockWait = new StockWait(changes, registry, _ -> true, Duration.ofMillis(1), waiters, ONE_DAY);

        // when
        try (StockWait.Turn turn = stockWait.turn(COUPON, () -> {}, STAYS)) {
            turn.ask(Duration.ZERO, this::gate);
            turn.ask(Duration.ZERO, this::gate);

            // then
            assertThat(waiters.all()).isEqualTo(1);
        }
        assertThat(waiters.all()).isZero();
    }

    @Test
    void shouldEndTheWaitOfACallerWhoDisconnects() {
        // given
        var stockWait = stockWait(ONE_DAY);
        var disconnect = new AtomicReference<Runnable>();
        var watched = new AtomicBoolean();
        StockWait.Caller leaves = onDisconnect -> {
            disconnect.set(onDisconnect);
            watched.set(true);
            return () -> watched.set(false);
        };
        CompletableFuture<AdmissionOutcome> leaving = wait(stockWait, this::gate, leaves);
        await().until(() -> gateCalls.get() >= 2);
        CompletableFuture<AdmissionOutcome> staying = wait(stockWait);
        await().until(() -> gateCalls.get() >= 4);

        // when
        reply = new Admitted();
        disconnect.get().run();

        // then
        assertThat(leaving).succeedsWithin(TIMEOUT).as("asks the gate for no reservation").isEqualTo(new Full());
        assertThat(watched).isFalse();
        assertThat(staying).as("gets the wake-up that the other one may have had").succeedsWithin(TIMEOUT)
                .isEqualTo(new Admitted());
        assertThat(gateCalls).hasValue(5);
    }

    private StockWait stockWait(Duration timeout) {
        return new StockWait(changes, registry, _ -> !isKeptFromProlonging.get(), timeout, new StockWaiters(6),
                ONE_DAY);
    }

    private AdmissionOutcome fullOnce() {
        return reply = reply instanceof Full ? new Admitted() : new Full();
    }

    private AdmissionOutcome gate() {
        gateCalls.incrementAndGet();
        return reply;
    }

    private static AdmissionOutcome ask(StockWait stockWait, Supplier<AdmissionOutcome> gate)
            throws InterruptedException {
        return ask(stockWait, Duration.ZERO, gate);
    }

    private static AdmissionOutcome ask(StockWait stockWait, Duration longest, Supplier<AdmissionOutcome> gate)
            throws InterruptedException {
        return ask(stockWait, longest, gate, STAYS);
    }

    private static AdmissionOutcome ask(StockWait stockWait, Duration longest, Supplier<AdmissionOutcome> gate,
            StockWait.Caller caller) throws InterruptedException {
        try (StockWait.Turn turn = stockWait.turn(COUPON, () -> {}, caller)) {
            return turn.ask(longest, gate);
        }
    }

    private CompletableFuture<AdmissionOutcome> wait(StockWait stockWait) {
        return wait(stockWait, this::gate);
    }

    private static CompletableFuture<AdmissionOutcome> wait(StockWait stockWait, Supplier<AdmissionOutcome> gate) {
        return wait(stockWait, gate, STAYS);
    }

    private static CompletableFuture<AdmissionOutcome> wait(StockWait stockWait, Supplier<AdmissionOutcome> gate,
            StockWait.Caller caller) {
        var answer = new CompletableFuture<AdmissionOutcome>();
        Thread.ofVirtual().start(() -> {
            try {
                answer.complete(ask(stockWait, Duration.ZERO, gate, caller));
            } catch (InterruptedException e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }
}
