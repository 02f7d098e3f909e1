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
import static io.firstcome.testkit.fixture.OutcomeFixture.revoked;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import io.firstcome.contract.CouponCommand.RevokeIssue;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged.Change;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.UserId;
import io.firstcome.contract.topic.Topics;
import io.firstcome.readmodel.requests.RequestStatus.Decided;
import io.firstcome.readmodel.requests.RequestStatus.Pending;
import io.firstcome.readmodel.requests.RequestStatus.Subject;

class RequestTrackerTest {

    private static final Duration NO_WAIT = Duration.ZERO;
    private static final Optional<UserId> ANY_USER = Optional.empty();

    private long now;
    private final List<Instant> forgotten = new ArrayList<>();
    private final RequestTracker tracker = new RequestTracker(new RequestSettings(Duration.ofNanos(100), 3), () -> now,
            (_, appendedAt) -> forgotten.add(appendedAt));

    @Test
    void shouldBePendingFromAcknowledgementToOutcome() {
        // given
        var reply = tracker.expect(issue("r1", "u1"));
        assertThat(tracker.find(COUPON, requestId("r1"), userId("u1"))).isEmpty();

        // when
        tracker.acknowledged(reply, at(1));
        Optional<RequestStatus> acknowledged = tracker.find(COUPON, requestId("r1"), userId("u1"));
        tracker.record(issued("r1", "u1", 1, at(1)));

        // then
        assertThat(acknowledged).get().isInstanceOf(Pending.class);
        assertThat(tracker.find(COUPON, requestId("r1"), userId("u1")))
                .contains(new Decided(Subject.of(issue("r1", "u1")), issued("r1", "u1", 1, at(1))));
    }

    @Test
    void shouldCompleteReplyWithOutcome() throws Exception {
        // given
        var reply = tracker.expect(issue("r1", "u1"));
        tracker.acknowledged(reply, at(1));
        assertThat(reply.await(NO_WAIT)).isEmpty();

        // when
        tracker.record(rejected("r1", "u1", SOLD_OUT, at(1)));

        // then
        assertThat(reply.await(NO_WAIT)).contains(rejected("r1", "u1", SOLD_OUT, at(1)));
    }

    @Test
    void shouldCompleteReplyWhenOutcomeComesFirst() throws Exception {
        // given
        var reply = tracker.expect(issue("r1", "u1"));

        // when
        tracker.record(rejected("r1", "u1", SOLD_OUT, at(2)));
        tracker.acknowledged(reply, at(1));

        // then
        assertThat(reply.await(NO_WAIT)).contains(rejected("r1", "u1", SOLD_OUT, at(2)));
        assertThat(tracker.find(COUPON, requestId("r1"), userId("u1"))).get().isInstanceOf(Decided.class);
    }

    @Test
    void shouldCompleteReplyWhenOutcomeIsForgottenBeforeAck() throws Exception {
        // given
        var reply = tracker.expect(issue("r1", "u1"));
        tracker.record(issued("r1", "u1", 1, at(1)));
        tracker.record(issued("r2", "u2", 2, at(1)));
        tracker.record(issued("r3", "u3", 3, at(1)));
        tracker.record(issued("r4", "u4", 4, at(1)));
        assertThat(tracker.find(COUPON, requestId("r1"), userId("u1"))).isEmpty();

        // when
        tracker.acknowledged(reply, at(1));

        // then
        assertThat(reply.await(NO_WAIT)).contains(issued("r1", "u1", 1, at(1)));
    }

    @Test
    void shouldNotAnswerRetryWithEarlierRejection() throws Exception {
        // given
        tracker.record(notStarted("r1", "u1", at(-1)));
        var again = tracker.expect(issue("r1", "u1"));

        // when
        tracker.acknowledged(again, at(1));
        Optional<RequestStatus> acknowledged = tracker.find(COUPON, requestId("r1"), userId("u1"));
        tracker.record(notStarted("r1", "u1", at(-1)));
        Optional<RequestStatus> readAgain = tracker.find(COUPON, requestId("r1"), userId("u1"));
        Optional<CouponOutcome> early = again.await(NO_WAIT);
        tracker.record(issued("r1", "u1", 1, at(1)));

        // then
        assertThat(acknowledged).get().isInstanceOf(Pending.class);
        assertThat(readAgain).get().isInstanceOf(Pending.class);
        assertThat(early).isEmpty();
        assertThat(again.await(NO_WAIT)).contains(issued("r1", "u1", 1, at(1)));
    }

    @Test
    void shouldAnswerRetryWithEarlierIssue() throws Exception {
        // given
        var again = tracker.expect(issue("r1", "u1"));
        tracker.acknowledged(again, at(9));

        // when
        tracker.record(issued("r1", "u1", 1, at(1)));

        // then
        assertThat(again.await(NO_WAIT)).contains(issued("r1", "u1", 1, at(1)));
    }

    @Test
    void shouldKeepIssueWhenOlderOutcomesAreReadAgain() {
        // given
        tracker.record(issued("r1", "u1", 1, at(1)));

        // when
        tracker.record(notStarted("r1", "u1", at(-1)));

        // then
        assertThat(tracker.find(COUPON, requestId("r1"), userId("u1"))).get().extracting("outcome")
                .isEqualTo(issued("r1", "u1", 1, at(1)));
    }

    @Test
    void shouldNotAnswerWithOutcomeOfAnotherUser() throws Exception {
        // given
        var reply = tracker.expect(issue("r1", "u1"));
        tracker.acknowledged(reply, at(1));

        // when
        tracker.record(issued("r1", "u2", 1, at(1)));

        // then
        assertThat(reply.await(NO_WAIT)).isEmpty();
    }

    @Test
    void shouldCompleteAllRepliesOfOneRequest() throws Exception {
        // given
        var first = tracker.expect(issue("r1", "u1"));
        var second = tracker.expect(issue("r1", "u1"));
        tracker.acknowledged(first, at(1));
        tracker.acknowledged(second, at(1));
        first.close();

        // when
        tracker.record(rejected("r1", "u1", PAUSED, at(1)));

        // then
        assertThat(second.await(NO_WAIT)).isPresent();
        assertThat(first.await(NO_WAIT)).as("closed").isEmpty();
    }

    @Test
    void shouldCompleteReplyOfOperator() throws Exception {
        // given
        var reply = tracker.expect(define("a1", 1));
        tracker.acknowledged(reply, at(1));

        // when
        tracker.record(changed("a1", Change.CREATED, couponWithStock(1), at(1)));

        // then
        assertThat(reply.await(NO_WAIT)).isPresent();
    }

    @Test
    void shouldMarkTheClaimOfARevokedCoupon() throws Exception {
        // given
        tracker.record(issued("r1", "u1", 1, at(1)));
        var revocation = tracker.expect(new RevokeIssue(requestId("d1"), COUPON, userId("u1"), null));
        tracker.acknowledged(revocation, at(2));
        IssueRevoked revoked = revoked("d1", "u1", 1, "r1", 1, at(2));

        // when
        tracker.record(revoked);

        // then
        assertThat(revocation.await(NO_WAIT)).contains(revoked);
        assertThat(tracker.find(COUPON, requestId("r1"), userId("u1")))
                .contains(new Decided(Subject.of(issue("r1", "u1")), revoked));
        assertThat(tracker.issueTo(COUPON, userId("u1"))).isEmpty();
    }

    /** The two commands were appended in one batch, at the same time. */
    @Test
    void shouldNotAnswerARevocationWithTheRejectionOfAnotherUser() throws Exception {
        // given
        var holder = tracker.expect(new RevokeIssue(requestId("d1"), COUPON, userId("u1"), null));
        var stranger = tracker.expect(new RevokeIssue(requestId("d1"), COUPON, userId("u2"), null));
        tracker.acknowledged(holder, at(2));
        tracker.acknowledged(stranger, at(2));

        // when
        CouponOutcome rejected = Topics.OUTCOMES.decode("""
                {"type":"ChangeRejected","requestId":"d1","couponId":"c1","userId":"u2",\
                "reason":"NOT_HELD","decidedAt":"2026-01-01T09:00:02Z"}""".getBytes(StandardCharsets.UTF_8));
        tracker.record(rejected);
        IssueRevoked revoked = revoked("d1", "u1", 1, "r1", 1, at(2));
        tracker.record(revoked);

        // then
        assertThat(stranger.await(NO_WAIT)).contains(rejected);
        assertThat(holder.await(NO_WAIT)).contains(revoked);
    }

    @Test
    void shouldAnswerARepeatedRevocationWithTheFirst() throws Exception {
        // given: a repetition is answered with the time of the first revocation
        var again = tracker.expect(new RevokeIssue(requestId("d2"), COUPON, userId("u1"), 1L));
        tracker.acknowledged(again, at(9));
        IssueRevoked revoked = revoked("d2", "u1", 1, "r1", 1, at(2));

        // when
        tracker.record(revoked);

        // then
        assertThat(again.await(NO_WAIT)).contains(revoked);
    }

    @Test
    void shouldRevokeUnderTheKeyOfTheClaim() throws Exception {
        // given
        tracker.record(issued("r1", "u1", 1, at(1)));
        var command = new RevokeIssue(requestId("r1"), COUPON, userId("u1"), null);
        IssueRevoked revoked = revoked("r1", "u1", 1, "r1", 1, at(2));
        for (int attempt = 0; attempt < 2; attempt++) {
            var revocation = tracker.expect(command);
            tracker.acknowledged(revocation, at(2 + attempt));

            // when
            tracker.record(revoked);

            // then
            assertThat(revocation.await(NO_WAIT)).contains(revoked);
            assertThat(tracker.find(COUPON, requestId("r1"), userId("u1")))
                    .contains(new Decided(Subject.of(issue("r1", "u1")), revoked));
        }
    }

    @Test
    void shouldFindLastUseOfRequestId() {
        // when
        tracker.record(issued("r1", "u1", 1, at(1)));

        // then
        assertThat(tracker.lastUseOf(requestId("r1"), userId("u1"))).map(RequestStatus::subject)
                .contains(Subject.of(issue("r1", "u1")));
        assertThat(tracker.lastUseOf(requestId("r2"), userId("u2"))).isEmpty();
    }

    @Test
    void shouldBePendingWhenClaimIsReadFromLog() {
        // when
        tracker.record(issue("r1", "u1"), at(1));
        Optional<RequestStatus> read = tracker.find(COUPON, requestId("r1"), userId("u1"));
        Optional<RequestStatus> lastUse = tracker.lastUseOf(requestId("r1"), userId("u1"));
        tracker.record(issued("r1", "u1", 1, at(1)));

        // then
        assertThat(read).contains(new Pending(Subject.of(issue("r1", "u1")), at(1)));
        assertThat(lastUse).map(RequestStatus::subject).contains(Subject.of(issue("r1", "u1")));
        assertThat(tracker.find(COUPON, requestId("r1"), userId("u1"))).get().isInstanceOf(Decided.class);
    }

    @Test
    void shouldNotBePendingWhenOutcomeWasReadFirst() {
        // given
        tracker.record(rejected("r1", "u1", SOLD_OUT, at(1)));

        // when
        tracker.record(issue("r1", "u1"), at(1));
        Optional<RequestStatus> first = tracker.find(COUPON, requestId("r1"), userId("u1"));
        tracker.record(issue("r1", "u1"), at(2));

        // then
        assertThat(first).get().isInstanceOf(Decided.class);
        assertThat(tracker.find(COUPON, requestId("r1"), userId("u1"))).get().as("sent again")
                .isInstanceOf(Pending.class);
    }

    @Test
    void shouldNotBePendingAfterLaterOutcomeOfAnotherUser() throws Exception {
        // given
        var reply = tracker.expect(issue("r1", "u1"));
        tracker.record(issued("r1", "u1", 1, at(1)));
        tracker.record(rejected("r1", "u2", SOLD_OUT, at(2)));

        // when
        tracker.record(issue("r1", "u1"), at(1));
        tracker.record(issue("r1", "u2"), at(2));
        tracker.acknowledged(reply, at(1));

        // then
        assertThat(tracker.find(COUPON, requestId("r1"), userId("u1"))).get().isInstanceOf(Decided.class);
        assertThat(reply.await(NO_WAIT)).as("not the answer of the other user")
                .contains(issued("r1", "u1", 1, at(1)));
    }

    @Test
    void shouldNotAnswerUserWithOutcomeOfOperator() throws Exception {
        // given
        var reply = tracker.expect(issue("r1", "u1"));
        tracker.acknowledged(reply, at(2));

        // when
        tracker.record(changed("r1", Change.CREATED, couponWithStock(1), at(1)));
        Optional<CouponOutcome> early = reply.await(NO_WAIT);
        tracker.record(issued("r1", "u1", 1, at(2)));

        // then
        assertThat(early).isEmpty();
        assertThat(reply.await(NO_WAIT)).contains(issued("r1", "u1", 1, at(2)));
    }

    @Test
    void shouldNotBePendingWhenAnswerWasForgottenBeforeAck() {
        // given
        var slow = tracker.expect(issue("r1", "u1"));
        for (int i = 1; i <= 4; i++) {
            tracker.record(issued("r" + i, "u" + i, i, at(i)));
        }

        // when
        tracker.acknowledged(slow, at(1));

        // then
        assertThat(tracker.find(COUPON, requestId("r1"), userId("u1"))).isEmpty();
    }

    @Test
    void shouldNotBePendingWhenAnswerMayBeForgotten() {
        // given
        for (int i = 1; i <= 4; i++) {
            tracker.record(issued("r" + i, "u" + i, i, at(i)));
        }

        // when
        tracker.record(issue("r1", "u1"), at(1));
        tracker.record(issue("r5", "u5"), at(2));

        // then
        assertThat(tracker.find(COUPON, requestId("r1"), userId("u1"))).isEmpty();
        assertThat(tracker.find(COUPON, requestId("r5"), userId("u5"))).get().isInstanceOf(Pending.class);
    }

    /** The clock of the broker that leads the partition of the other coupon is an hour ahead. */
    @Test
    void shouldBePendingWhenAnotherCouponsDecisionWasForgotten() {
        // given
        for (int i = 1; i <= 4; i++) {
            tracker.record(
                    new CouponIssued(requestId("o" + i), new CouponId("other"), userId("u" + i), i, at(3600 + i)));
        }

        // when
        tracker.record(issue("r1", "u1"), at(1));

        // then
        assertThat(tracker.find(COUPON, requestId("r1"), userId("u1"))).get().isInstanceOf(Pending.class);
    }

    @Test
    void shouldCompleteWatchWithAnyOutcome() throws Exception {
        // given
        var unknown = tracker.watch(COUPON, requestId("r1"), ANY_USER);
        tracker.record(issue("r1", "u1"), at(1));
        var pending = tracker.watch(COUPON, requestId("r1"), ANY_USER);
        assertThat(unknown.await(NO_WAIT)).isEmpty();
        assertThat(pending.await(NO_WAIT)).isEmpty();

        // when
        tracker.record(rejected("r1", "u1", SOLD_OUT, at(1)));

        // then
        assertThat(unknown.await(NO_WAIT)).isPresent();
        assertThat(pending.await(NO_WAIT)).isPresent();
        assertThat(tracker.watch(COUPON, requestId("r1"), ANY_USER).await(NO_WAIT)).as("known").isPresent();
    }

    @Test
    void shouldNotCompleteWatchWithAnswerToEarlierCommand() throws Exception {
        // given
        tracker.record(issue("r1", "u1"), at(2));
        var watch = tracker.watch(COUPON, requestId("r1"), ANY_USER);

        // when
        tracker.record(rejected("r1", "u1", SOLD_OUT, at(1)));

        // then
        assertThat(watch.await(NO_WAIT)).isEmpty();
    }

    @Test
    void shouldEndAwaitWhenStatusBecomesKnown() throws Exception {
        // given
        assertThat(tracker.await(COUPON, requestId("r1"), userId("u1"), NO_WAIT)).isEmpty();
        CompletableFuture<Optional<RequestStatus>> waiting = inBackground(
                () -> tracker.await(COUPON, requestId("r1"), userId("u1"), Duration.ofDays(1)));
        Awaitility.await().until(() -> tracker.waiting() == 1);

        // when
        tracker.record(issue("r1", "u1"), at(1));

        tracker.record(issued("r2", "u2", 1, at(1)));

        // then
        assertThat(waiting.join()).get().isInstanceOf(Pending.class);
        assertThat(tracker.await(COUPON, requestId("r1"), userId("u1"), Duration.ofDays(1))).as("known").isPresent();
        assertThat(tracker.await(COUPON, requestId("r2"), userId("u2"), Duration.ofDays(1))).get()
                .isInstanceOf(Decided.class);
    }

    @Test
    void shouldFindIssueOfUserWhileRequestIsKnown() {
        // given
        tracker.record(issued("r1", "u1", 1, at(1)));
        tracker.record(rejected("r2", "u2", SOLD_OUT, at(1)));
        assertThat(tracker.issueTo(COUPON, userId("u1"))).contains(issued("r1", "u1", 1, at(1)));
        assertThat(tracker.issueTo(COUPON, userId("u2"))).isEmpty();

        // when
        tracker.record(rejected("r3", "u3", SOLD_OUT, at(1)));
        tracker.record(rejected("r4", "u4", SOLD_OUT, at(1)));

        // then
        assertThat(tracker.find(COUPON, requestId("r1"), userId("u1"))).isEmpty();
        assertThat(tracker.issueTo(COUPON, userId("u1"))).isEmpty();
    }

    @Test
    void shouldKeepClaimsOfTwoUsersWithTheSameIdApart() throws Exception {
        // given
        var first = tracker.expect(issue("r1", "u1"));
        var second = tracker.expect(issue("r1", "u2"));
        tracker.acknowledged(first, at(1));
        tracker.acknowledged(second, at(1));

        // when
        tracker.record(issued("r1", "u1", 1, at(1)));
        Optional<CouponOutcome> early = second.await(NO_WAIT);
        tracker.record(rejected("r1", "u2", SOLD_OUT, at(2)));

        // then
        assertThat(early).isEmpty();
        assertThat(first.await(NO_WAIT)).contains(issued("r1", "u1", 1, at(1)));
        assertThat(second.await(NO_WAIT)).contains(rejected("r1", "u2", SOLD_OUT, at(2)));
        assertThat(outcomeOf("r1", "u1")).contains(issued("r1", "u1", 1, at(1)));
        assertThat(outcomeOf("r1", "u2")).contains(rejected("r1", "u2", SOLD_OUT, at(2)));
        assertThat(tracker.issueTo(COUPON, userId("u1"))).isPresent();
        assertThat(tracker.lastUseOf(requestId("r1"), userId("u3"))).isEmpty();
    }

    @Test
    void shouldFindTheLatestClaimOfAnyUser() {
        // given
        tracker.record(issue("r1", "u1"), at(1));
        boolean shared = tracker.isOfSeveralUsers(COUPON, requestId("r1"));
        tracker.record(issue("r1", "u2"), at(1));

        // when
        tracker.record(issued("r1", "u1", 1, at(1)));

        // then
        assertThat(shared).isFalse();
        assertThat(tracker.isOfSeveralUsers(COUPON, requestId("r1"))).isTrue();
        assertThat(tracker.findOfAnyUser(COUPON, requestId("r1"))).map(RequestStatus::subject)
                .contains(Subject.of(issue("r1", "u1")));
    }

    @Test
    void shouldWatchOnlyTheClaimOfTheUser() throws Exception {
        // given
        var own = tracker.watch(COUPON, requestId("r1"), Optional.of(userId("u1")));

        // when
        tracker.record(issued("r1", "u2", 1, at(1)));
        Optional<CouponOutcome> early = own.await(NO_WAIT);
        tracker.record(issued("r1", "u1", 2, at(1)));

        // then
        assertThat(early).isEmpty();
        assertThat(own.await(NO_WAIT)).contains(issued("r1", "u1", 2, at(1)));
    }

    @Test
    void shouldKeepClaimsApartFromOperatorsCommands() throws Exception {
        // given
        tracker.record(issue("r1", "u1"), at(1));
        var watch = tracker.watch(COUPON, requestId("r1"), ANY_USER);
        var operator = tracker.expect(define("r1", 1));
        tracker.acknowledged(operator, at(2));

        // when
        tracker.record(changed("r1", Change.CREATED, couponWithStock(1), at(2)));

        // then
        assertThat(operator.await(NO_WAIT)).isPresent();
        assertThat(watch.await(NO_WAIT)).isEmpty();
        assertThat(tracker.findOfAnyUser(COUPON, requestId("r1")))
                .contains(new Pending(Subject.of(issue("r1", "u1")), at(1)));
    }

    @Test
    void shouldForgetDecidedClaimsBeforePendingOnes() {
        // given
        tracker.record(issue("r1", "u1"), at(1));
        now = 1000;

        // when
        for (int i = 2; i <= 9; i++) {
            tracker.record(rejected("r" + i, "u" + i, SOLD_OUT, at(1)));
        }

        // then
        assertThat(tracker.find(COUPON, requestId("r1"), userId("u1"))).as("pending longer than the retention")
                .get().isInstanceOf(Pending.class);
        assertThat(tracker.find(COUPON, requestId("r6"), userId("u6"))).isEmpty();
        assertThat(tracker.find(COUPON, requestId("r9"), userId("u9"))).isPresent();
        assertThat(tracker.hasForgottenPending()).isFalse();
    }

    @Test
    void shouldTellThatPendingClaimsWereForgotten() {
        // given
        for (int i = 1; i <= 3; i++) {
            tracker.record(issue("r" + i, "u" + i), at(1));
        }
        tracker.record(issued("r5", "u5", 1, at(1)));
        assertThat(tracker.hasForgottenPending()).isFalse();

        // when
        tracker.record(issue("r4", "u4"), at(2));

        // then
        assertThat(tracker.find(COUPON, requestId("r1"), userId("u1"))).isEmpty();
        assertThat(tracker.find(COUPON, requestId("r5"), userId("u5"))).as("decided").isPresent();
        assertThat(tracker.hasForgottenPending()).isTrue();
        assertThat(forgotten).containsExactly(at(1));
        now = 101;
        assertThat(tracker.hasForgottenPending()).as("after the retention").isFalse();
    }

    @Test
    void shouldTellThatAClaimWasNotStored() {
        // given
        for (int i = 1; i <= 4; i++) {
            tracker.record(rejected("r" + i, "u" + i, SOLD_OUT, at(i)));
        }

        // when
        tracker.record(issue("r5", "u5"), at(1));
        tracker.acknowledged(tracker.expect(issue("r6", "u6")), at(0));
        tracker.record(issue("r7", "u7"), at(2));

        // then
        assertThat(tracker.find(COUPON, requestId("r5"), userId("u5"))).as("its decision may be forgotten").isEmpty();
        assertThat(tracker.find(COUPON, requestId("r7"), userId("u7"))).isPresent();
        assertThat(forgotten).containsExactly(at(1), at(0));
    }

    private Optional<CouponOutcome> outcomeOf(String request, String user) {
        return tracker.find(COUPON, requestId(request), userId(user)).map(it -> ((Decided) it).outcome());
    }

    @Test
    void shouldTakeUserOfInvalidCommandFromClaim() {
        // given
        tracker.record(issue("r1", "u1"), at(1));
        tracker.record(invalid("r2"));

        // when
        tracker.record(invalid("r1"));
        tracker.record(issue("r2", "u2"), at(1));

        // then
        assertThat(tracker.find(COUPON, requestId("r1"), userId("u1")))
                .contains(new Decided(Subject.of(issue("r1", "u1")), invalid("r1")));
        assertThat(tracker.find(COUPON, requestId("r2"), userId("u2")))
                .contains(new Decided(Subject.of(issue("r2", "u2")), invalid("r2")));
    }

    /** Another writer of the topic may write what no program can read, with the ids of a claim. */
    @Test
    void shouldNotTakeTheOutcomeOfAnotherCommandForAnAnswer() throws Exception {
        // given
        var reply = tracker.expect(issue("r1", "u1"));
        tracker.acknowledged(reply, at(1));
        var status = tracker.watch(COUPON, requestId("r1"), ANY_USER);
        tracker.record(invalid("r2", at(2)));

        // when
        tracker.record(invalid("r1", at(2)));
        tracker.record(issue("r2", "u2"), at(1));

        // then
        assertThat(tracker.find(COUPON, requestId("r1"), userId("u1"))).get().isInstanceOf(Pending.class);
        assertThat(tracker.findOfAnyUser(COUPON, requestId("r1"))).get().isInstanceOf(Pending.class);
        assertThat(tracker.find(COUPON, requestId("r2"), userId("u2"))).get().isInstanceOf(Pending.class);
        assertThat(reply.await(NO_WAIT)).isEmpty();
        assertThat(status.await(NO_WAIT)).isEmpty();
        tracker.record(issued("r1", "u1", 1, at(1)));
        assertThat(reply.await(NO_WAIT)).contains(issued("r1", "u1", 1, at(1)));
    }

    @Test
    void shouldEvictExpiredRequestsInSmallSteps() {
        // given
        var large = new RequestTracker(new RequestSettings(Duration.ofNanos(100), 1000), () -> now, (_, _) -> {});
        for (int i = 0; i < 100; i++) {
            large.record(issued("r" + i, "u" + i, i + 1, at(1)));
        }
        now = 101;

        // when
        large.record(issued("new", "new", 101, at(1)));
        Optional<CouponIssued> afterOneUpdate = large.issueTo(COUPON, userId("u99"));
        for (int i = 100; i < 120; i++) {
            large.record(issued("r" + i, "u" + i, i + 2, at(1)));
        }

        // then
        assertThat(afterOneUpdate).as("a few per update").isPresent();
        for (int i = 0; i < 100; i++) {
            assertThat(large.issueTo(COUPON, userId("u" + i))).as("u%d", i).isEmpty();
        }
        assertThat(large.issueTo(COUPON, userId("u119"))).isPresent();
    }

    @Test
    void shouldForgetExpiredRequests() {
        // given
        tracker.record(issued("r1", "u1", 1, at(1)));

        // when
        now = 101;

        // then
        assertThat(tracker.find(COUPON, requestId("r1"), userId("u1"))).isEmpty();
        assertThat(tracker.lastUseOf(requestId("r1"), userId("u1"))).isEmpty();
    }

    @Test
    void shouldEvictTheRequestWithTheOldestUpdate() {
        // given
        tracker.record(issued("r1", "u1", 1, at(1)));
        tracker.record(issued("r2", "u2", 2, at(1)));
        tracker.record(issued("r3", "u3", 3, at(1)));
        tracker.record(issued("r1", "u1", 1, at(1)));

        // when
        tracker.record(issued("r4", "u4", 4, at(1)));

        // then
        assertThat(tracker.find(COUPON, requestId("r2"), userId("u2"))).isEmpty();
        assertThat(tracker.find(COUPON, requestId("r1"), userId("u1"))).isPresent();
        assertThat(tracker.find(COUPON, requestId("r4"), userId("u4"))).isPresent();
    }

    @Test
    void shouldCompleteAllRepliesOnClose() throws Exception {
        // given
        var before = tracker.expect(issue("r1", "u1"));

        // when
        tracker.close();

        // then
        assertThat(before.await(Duration.ofDays(1))).isEmpty();
        assertThat(tracker.watch(COUPON, requestId("r1"), ANY_USER).await(Duration.ofDays(1))).isEmpty();
        assertThat(tracker.expect(issue("r2", "u2")).await(Duration.ofDays(1))).isEmpty();
    }

    private static CommandInvalid invalid(String request) {
        return invalid(request, at(1));
    }

    private static CommandInvalid invalid(String request, Instant decidedAt) {
        return new CommandInvalid(requestId(request), COUPON, "unknown member \"more\"", decidedAt);
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
