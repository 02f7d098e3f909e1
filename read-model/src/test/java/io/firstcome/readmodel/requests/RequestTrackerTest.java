package io.firstcome.readmodel.requests;

import static io.firstcome.contract.RejectionReason.PAUSED;
import static io.firstcome.contract.RejectionReason.SOLD_OUT;
import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.couponWithStock;
import static io.firstcome.testkit.fixture.CouponFixture.define;
import static io.firstcome.testkit.fixture.CouponFixture.issue;
import static io.firstcome.testkit.fixture.CouponFixture.requestId;
import static io.firstcome.testkit.fixture.CouponFixture.userId;
import static io.firstcome.testkit.fixture.OutcomeFixture.changed;
import static io.firstcome.testkit.fixture.OutcomeFixture.issued;
import static io.firstcome.testkit.fixture.OutcomeFixture.notStarted;
import static io.firstcome.testkit.fixture.OutcomeFixture.rejected;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged.Change;
import io.firstcome.readmodel.requests.RequestStatus.Decided;
import io.firstcome.readmodel.requests.RequestStatus.Pending;
import io.firstcome.readmodel.requests.RequestStatus.Subject;

class RequestTrackerTest {

    private static final Duration NO_TIME = Duration.ZERO;

    private long now;
    private final RequestTracker board = new RequestTracker(new RequestSettings(Duration.ofNanos(100), 3), () -> now);

    @Test
    void shouldSayPendingFromTheAcknowledgementToTheOutcome() {
        // given
        var expectation = board.expect(issue("r1", "u1"));
        assertThat(board.find(COUPON, requestId("r1"))).isEmpty();

        // when
        board.acknowledged(expectation, at(1));

        // then
        assertThat(board.find(COUPON, requestId("r1"))).get().isInstanceOf(Pending.class);
        board.record(issued("r1", "u1", 1, at(1)));
        assertThat(board.find(COUPON, requestId("r1")))
                .contains(new Decided(Subject.of(issue("r1", "u1")), issued("r1", "u1", 1, at(1))));
    }

    @Test
    void shouldCompleteAWaitWithTheOutcome() throws Exception {
        // given
        var expectation = board.expect(issue("r1", "u1"));
        board.acknowledged(expectation, at(1));
        assertThat(expectation.await(NO_TIME)).isEmpty();

        // when
        board.record(rejected("r1", "u1", SOLD_OUT, at(1)));

        // then
        assertThat(expectation.await(NO_TIME)).contains(rejected("r1", "u1", SOLD_OUT, at(1)));
    }

    @Test
    void shouldNotMissAnOutcomeThatComesBeforeTheAcknowledgement() throws Exception {
        // given
        var expectation = board.expect(issue("r1", "u1"));

        // when
        board.record(rejected("r1", "u1", SOLD_OUT, at(2)));
        board.acknowledged(expectation, at(1));

        // then
        assertThat(expectation.await(NO_TIME)).contains(rejected("r1", "u1", SOLD_OUT, at(2)));
        assertThat(board.find(COUPON, requestId("r1"))).get().isInstanceOf(Decided.class);
    }

    @Test
    void shouldNotAnswerARepeatedSendingWithTheRejectionOfAnEarlierOne() throws Exception {
        // given
        board.record(notStarted("r1", "u1", at(-1)));
        var again = board.expect(issue("r1", "u1"));

        // when
        board.acknowledged(again, at(1));

        // then
        assertThat(again.await(NO_TIME)).isEmpty();
        assertThat(board.find(COUPON, requestId("r1"))).get().isInstanceOf(Pending.class);
        board.record(notStarted("r1", "u1", at(-1)));
        assertThat(again.await(NO_TIME)).as("read late").isEmpty();
        assertThat(board.find(COUPON, requestId("r1"))).get().isInstanceOf(Pending.class);
        board.record(issued("r1", "u1", 1, at(1)));
        assertThat(again.await(NO_TIME)).contains(issued("r1", "u1", 1, at(1)));
    }

    @Test
    void shouldAnswerARepeatedSendingWithTheIssueOfAnEarlierOne() throws Exception {
        // given
        var again = board.expect(issue("r1", "u1"));
        board.acknowledged(again, at(9));

        // when
        board.record(issued("r1", "u1", 1, at(1)));

        // then
        assertThat(again.await(NO_TIME)).contains(issued("r1", "u1", 1, at(1)));
    }

    @Test
    void shouldNotTakeBackAnIssueWhenOlderOutcomesAreReadAgain() {
        // given
        board.record(issued("r1", "u1", 1, at(1)));

        // when
        board.record(notStarted("r1", "u1", at(-1)));

        // then
        assertThat(board.find(COUPON, requestId("r1"))).get().extracting("outcome")
                .isEqualTo(issued("r1", "u1", 1, at(1)));
    }

    @Test
    void shouldNotAnswerOneUserWithAnothersOutcome() throws Exception {
        // given
        var expectation = board.expect(issue("r1", "u1"));
        board.acknowledged(expectation, at(1));

        // when
        board.record(issued("r1", "u2", 1, at(1)));

        // then
        assertThat(expectation.await(NO_TIME)).isEmpty();
    }

    @Test
    void shouldAnswerEverybodyWhoWaitsForTheSameRequest() throws Exception {
        // given
        var first = board.expect(issue("r1", "u1"));
        var second = board.expect(issue("r1", "u1"));
        board.acknowledged(first, at(1));
        board.acknowledged(second, at(1));
        first.close();

        // when
        board.record(rejected("r1", "u1", PAUSED, at(1)));

        // then
        assertThat(second.await(NO_TIME)).isPresent();
        assertThat(first.await(NO_TIME)).as("gone").isEmpty();
    }

    @Test
    void shouldCompleteAnOperatorsWait() throws Exception {
        // given
        var expectation = board.expect(define("a1", 1));
        board.acknowledged(expectation, at(1));

        // when
        board.record(changed("a1", Change.CREATED, couponWithStock(1), at(1)));

        // then
        assertThat(expectation.await(NO_TIME)).isPresent();
    }

    @Test
    void shouldTellWhoseRequestWentByAnIdLast() {
        // when
        board.record(issued("r1", "u1", 1, at(1)));

        // then
        assertThat(board.lastUseOf(requestId("r1"))).map(RequestStatus::subject)
                .contains(Subject.of(issue("r1", "u1")));
        assertThat(board.lastUseOf(requestId("r2"))).isEmpty();
    }

    @Test
    void shouldSayPendingOfAClaimThatIsReadInTheLog() {
        // when
        board.record(issue("r1", "u1"), at(1));

        // then
        assertThat(board.find(COUPON, requestId("r1"))).contains(new Pending(Subject.of(issue("r1", "u1")), at(1)));
        assertThat(board.lastUseOf(requestId("r1"))).map(RequestStatus::subject)
                .contains(Subject.of(issue("r1", "u1")));
        board.record(issued("r1", "u1", 1, at(1)));
        assertThat(board.find(COUPON, requestId("r1"))).get().isInstanceOf(Decided.class);
    }

    @Test
    void shouldNotCallAClaimPendingWhoseAnswerWasReadFirst() {
        // given
        board.record(rejected("r1", "u1", SOLD_OUT, at(1)));

        // when
        board.record(issue("r1", "u1"), at(1));

        // then
        assertThat(board.find(COUPON, requestId("r1"))).get().isInstanceOf(Decided.class);
        board.record(issue("r1", "u1"), at(2));
        assertThat(board.find(COUPON, requestId("r1"))).get().as("sent again").isInstanceOf(Pending.class);
    }

    @Test
    void shouldNotCallAClaimPendingBeforeWhoseAnswerAnothersWasRead() throws Exception {
        // given
        var expectation = board.expect(issue("r1", "u1"));
        board.record(issued("r1", "u1", 1, at(1)));
        board.record(rejected("r1", "u2", SOLD_OUT, at(2)));

        // when
        board.record(issue("r1", "u1"), at(1));
        board.record(issue("r1", "u2"), at(2));
        board.acknowledged(expectation, at(1));

        // then
        assertThat(board.find(COUPON, requestId("r1"))).get().isInstanceOf(Decided.class);
        assertThat(expectation.await(NO_TIME)).as("the other's answer").isEmpty();
    }

    @Test
    void shouldNotTakeAnOperatorsAnswerForAUsers() throws Exception {
        // given
        var expectation = board.expect(issue("r1", "u1"));
        board.acknowledged(expectation, at(2));

        // when
        board.record(changed("r1", Change.CREATED, couponWithStock(1), at(1)));

        // then
        assertThat(expectation.await(NO_TIME)).isEmpty();
        board.record(issued("r1", "u1", 1, at(2)));
        assertThat(expectation.await(NO_TIME)).contains(issued("r1", "u1", 1, at(2)));
    }

    @Test
    void shouldNotCallAnAcknowledgedClaimPendingForEverWhoseAnswerWasForgotten() {
        // given
        var slow = board.expect(issue("r1", "u1"));
        for (int i = 1; i <= 4; i++) {
            board.record(issued("r" + i, "u" + i, i, at(i)));
        }

        // when
        board.acknowledged(slow, at(1));

        // then
        assertThat(board.find(COUPON, requestId("r1"))).isEmpty();
    }

    @Test
    void shouldNotCallAClaimPendingWhoseAnswerMayHaveBeenForgotten() {
        // given
        for (int i = 1; i <= 4; i++) {
            board.record(issued("r" + i, "u" + i, i, at(i)));
        }

        // when
        board.record(issue("r1", "u1"), at(1));
        board.record(issue("r5", "u5"), at(2));

        // then
        assertThat(board.find(COUPON, requestId("r1"))).isEmpty();
        assertThat(board.find(COUPON, requestId("r5"))).get().isInstanceOf(Pending.class);
    }

    @Test
    void shouldEndAWatchWithWhateverIsDecided() throws Exception {
        // given
        var unheardOf = board.watch(COUPON, requestId("r1"));
        board.record(issue("r1", "u1"), at(1));
        var pending = board.watch(COUPON, requestId("r1"));
        assertThat(unheardOf.await(NO_TIME)).isEmpty();
        assertThat(pending.await(NO_TIME)).isEmpty();

        // when
        board.record(rejected("r1", "u1", SOLD_OUT, at(1)));

        // then
        assertThat(unheardOf.await(NO_TIME)).isPresent();
        assertThat(pending.await(NO_TIME)).isPresent();
        assertThat(board.watch(COUPON, requestId("r1")).await(NO_TIME)).as("known").isPresent();
    }

    @Test
    void shouldNotEndAWatchWithTheAnswerToAnEarlierSending() throws Exception {
        // given
        board.record(issue("r1", "u1"), at(2));
        var watch = board.watch(COUPON, requestId("r1"));

        // when
        board.record(rejected("r1", "u1", SOLD_OUT, at(1)));

        // then
        assertThat(watch.await(NO_TIME)).isEmpty();
    }

    @Test
    void shouldEndAWaitForNewsWithAnythingThatIsReadOfTheRequest() throws Exception {
        // given
        assertThat(board.await(COUPON, requestId("r1"), NO_TIME)).isEmpty();
        CompletableFuture<Optional<RequestStatus>> waiting = inBackground(
                () -> board.await(COUPON, requestId("r1"), Duration.ofDays(1)));
        Awaitility.await().until(() -> board.waiting() == 1);

        // when
        board.record(issue("r1", "u1"), at(1));

        // then
        assertThat(waiting.join()).get().isInstanceOf(Pending.class);
        assertThat(board.await(COUPON, requestId("r1"), Duration.ofDays(1))).as("known").isPresent();
        board.record(issued("r2", "u2", 1, at(1)));
        assertThat(board.await(COUPON, requestId("r2"), Duration.ofDays(1))).get().isInstanceOf(Decided.class);
    }

    @Test
    void shouldKnowWhoWasIssuedOneForAsLongAsItKnowsTheRequest() {
        // given
        board.record(issued("r1", "u1", 1, at(1)));
        board.record(rejected("r2", "u2", SOLD_OUT, at(1)));
        assertThat(board.issueTo(COUPON, userId("u1"))).contains(issued("r1", "u1", 1, at(1)));
        assertThat(board.issueTo(COUPON, userId("u2"))).isEmpty();

        // when
        board.record(rejected("r3", "u3", SOLD_OUT, at(1)));
        board.record(rejected("r4", "u4", SOLD_OUT, at(1)));

        // then
        assertThat(board.find(COUPON, requestId("r1"))).isEmpty();
        assertThat(board.issueTo(COUPON, userId("u1"))).isEmpty();
    }

    @Test
    void shouldForgetAnIssueWithTheRequestThatAnotherTookTheIdOf() {
        // given
        board.record(issued("r1", "u1", 1, at(1)));

        // when
        board.record(rejected("r1", "u2", SOLD_OUT, at(2)));

        // then
        assertThat(board.issueTo(COUPON, userId("u1"))).isEmpty();
    }

    @Test
    void shouldTellByTheClaimWhoseCommandCouldNotBeRead() {
        // given
        board.record(issue("r1", "u1"), at(1));
        board.record(invalid("r2"));

        // when
        board.record(invalid("r1"));
        board.record(issue("r2", "u2"), at(1));

        // then
        assertThat(board.find(COUPON, requestId("r1")))
                .contains(new Decided(Subject.of(issue("r1", "u1")), invalid("r1")));
        assertThat(board.find(COUPON, requestId("r2")))
                .contains(new Decided(Subject.of(issue("r2", "u2")), invalid("r2")));
    }

    @Test
    void shouldForgetWhatAPauseLeftWithoutKeepingEverybodyWaiting() {
        // given
        var large = new RequestTracker(new RequestSettings(Duration.ofNanos(100), 1000), () -> now);
        for (int i = 0; i < 100; i++) {
            large.record(issued("r" + i, "u" + i, i + 1, at(1)));
        }
        now = 101;

        // when
        large.record(issued("new", "new", 101, at(1)));
        assertThat(large.issueTo(COUPON, userId("u99"))).as("not all at once").isPresent();
        for (int i = 100; i < 120; i++) {
            large.record(issued("r" + i, "u" + i, i + 2, at(1)));
        }

        // then
        for (int i = 0; i < 100; i++) {
            assertThat(large.issueTo(COUPON, userId("u" + i))).as("u%d", i).isEmpty();
        }
        assertThat(large.issueTo(COUPON, userId("u119"))).isPresent();
    }

    @Test
    void shouldForgetWhatIsOld() {
        // given
        board.record(issued("r1", "u1", 1, at(1)));

        // when
        now = 101;

        // then
        assertThat(board.find(COUPON, requestId("r1"))).isEmpty();
        assertThat(board.lastUseOf(requestId("r1"))).isEmpty();
    }

    @Test
    void shouldForgetTheLongestWithoutNewsWhenThereIsNoRoom() {
        // given
        board.record(issued("r1", "u1", 1, at(1)));
        board.record(issued("r2", "u2", 2, at(1)));
        board.record(issued("r3", "u3", 3, at(1)));
        board.record(issued("r1", "u1", 1, at(1)));

        // when
        board.record(issued("r4", "u4", 4, at(1)));

        // then
        assertThat(board.find(COUPON, requestId("r2"))).isEmpty();
        assertThat(board.find(COUPON, requestId("r1"))).isPresent();
        assertThat(board.find(COUPON, requestId("r4"))).isPresent();
    }

    @Test
    void shouldLetEverybodyGoWhenItCloses() throws Exception {
        // given
        var before = board.expect(issue("r1", "u1"));

        // when
        board.close();

        // then
        assertThat(before.await(Duration.ofDays(1))).isEmpty();
        assertThat(board.watch(COUPON, requestId("r1")).await(Duration.ofDays(1))).isEmpty();
        assertThat(board.expect(issue("r2", "u2")).await(Duration.ofDays(1))).isEmpty();
    }

    private static CommandInvalid invalid(String request) {
        return new CommandInvalid(requestId(request), COUPON, "more is no member", at(1));
    }

    private static <T> CompletableFuture<T> inBackground(Callable<T> work) {
        var result = new CompletableFuture<T>();
        Thread.ofVirtual().start(() -> {
            try {
                result.complete(work.call());
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }
}
