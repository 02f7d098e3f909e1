package io.firstcome.processor.issuance;

import static io.firstcome.contract.ChangeRejectionReason.NOT_HELD;
import static io.firstcome.contract.ChangeRejectionReason.SEQUENCE_REQUIRED;
import static io.firstcome.contract.ChangeRejectionReason.STOCK_BELOW_ISSUED;
import static io.firstcome.contract.ChangeRejectionReason.UNKNOWN_COUPON;
import static io.firstcome.contract.CouponOutcome.CouponChanged.Change.CHANGED;
import static io.firstcome.contract.RejectionReason.REVOKED;
import static io.firstcome.contract.RejectionReason.SOLD_OUT;
import static io.firstcome.testkit.fixture.CouponFixture.CLOSES_AT;
import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.close;
import static io.firstcome.testkit.fixture.CouponFixture.define;
import static io.firstcome.testkit.fixture.CouponFixture.issue;
import static io.firstcome.testkit.fixture.CouponFixture.limited;
import static io.firstcome.testkit.fixture.CouponFixture.pause;
import static io.firstcome.testkit.fixture.CouponFixture.revoke;
import static io.firstcome.testkit.fixture.CouponFixture.userId;
import static io.firstcome.testkit.fixture.OutcomeFixture.changeRejected;
import static io.firstcome.testkit.fixture.OutcomeFixture.changed;
import static io.firstcome.testkit.fixture.OutcomeFixture.issued;
import static io.firstcome.testkit.fixture.OutcomeFixture.limitReached;
import static io.firstcome.testkit.fixture.OutcomeFixture.rejected;
import static io.firstcome.testkit.fixture.OutcomeFixture.revokeRejected;
import static io.firstcome.testkit.fixture.OutcomeFixture.revoked;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;

class RevocationRulesTest {

    private final PolicyOverMaps authority = new PolicyOverMaps();
    private int next;

    @Test
    void shouldGiveThePlaceToTheNextClaim() {
        // given
        given(limited(1, 1, true), issue("r1", "alice"));

        // when
        List<CouponOutcome> outcomes = decide(issue("r2", "bob"), revoke("a1", "alice"), issue("r3", "bob"),
                issue("r4", "carol"));

        // then
        assertThat(outcomes).containsExactly(rejected("r2", "bob", SOLD_OUT, at(2)),
                revoked("a1", "alice", 1, "r1", 1, at(3)), issued("r3", "bob", 2, at(4)),
                rejected("r4", "carol", SOLD_OUT, at(5)));
        assertThat(state()).isEqualTo(new CouponState(limited(1, 1, true), CouponStatus.ACTIVE, 1, 2, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"before the opening", "paused", "closed", "after the end"})
    void shouldRevokeAtAnyTime(String when) {
        // given
        given(limited(1, 1, true), issue("r1", "alice"));
        Instant now = switch (when) {
            case "before the opening" -> {
                authority.decide(at(5), define("a5", new CouponDefinition(COUPON, "later", 1, CLOSES_AT,
                        CLOSES_AT.plusSeconds(1))));
                yield at(6);
            }
            case "paused" -> authority.decide(at(5), pause("a5")).decidedAt();
            case "closed" -> authority.decide(at(5), close("a5")).decidedAt();
            default -> CLOSES_AT.plusSeconds(9);
        };

        // when
        CouponOutcome outcome = authority.decide(now, revoke("a6", "alice"));

        // then
        assertThat(outcome).isEqualTo(revoked("a6", "alice", 1, "r1", 1, now));
    }

    @Test
    void shouldNotRevokeOfAnUnknownCoupon() {
        // when
        CouponOutcome outcome = authority.decide(at(1), revoke("a1", "alice"));

        // then
        assertThat(outcome).isEqualTo(revokeRejected("a1", "alice", UNKNOWN_COUPON, at(1)));
    }

    @Test
    void shouldNotRevokeWhatTheUserDoesNotHold() {
        // given
        given(limited(9, 1, true), issue("r1", "alice"), issue("r2", "bob"));

        // when
        List<CouponOutcome> outcomes = decide(revoke("a1", "carol"), revoke("a2", "alice", 2), revoke("a3", "alice", 3),
                revoke("a4", "alice"), revoke("a5", "alice"));

        // then
        assertThat(outcomes).containsExactly(revokeRejected("a1", "carol", NOT_HELD, at(3)),
                revokeRejected("a2", "alice", NOT_HELD, at(4)), revokeRejected("a3", "alice", NOT_HELD, at(5)),
                revoked("a4", "alice", 1, "r1", 1, at(6)), revokeRejected("a5", "alice", NOT_HELD, at(7)));
    }

    @Test
    void shouldRequireTheSequenceWhileTheUserHoldsSeveral() {
        // given
        given(limited(9, 3, true), issue("r1", "alice"), issue("r2", "alice"), issue("r3", "alice"));

        // when
        List<CouponOutcome> outcomes = decide(revoke("a1", "alice"), revoke("a2", "alice", 2), revoke("a3", "alice"),
                revoke("a4", "alice", 1), revoke("a5", "alice"));

        // then
        assertThat(outcomes).containsExactly(revokeRejected("a1", "alice", SEQUENCE_REQUIRED, at(4)),
                revoked("a2", "alice", 2, "r2", 1, at(5)), revokeRejected("a3", "alice", SEQUENCE_REQUIRED, at(6)),
                revoked("a4", "alice", 1, "r1", 2, at(7)), revoked("a5", "alice", 3, "r3", 3, at(8)));
    }

    /** The count is that of the coupon now; sequence and time are those of the revocation. */
    @Test
    void shouldAnswerARepeatedRevocationTheSame() {
        // given
        given(limited(9, 1, true), issue("r1", "alice"), revoke("a1", "alice"), issue("r2", "alice"),
                issue("r3", "bob"), revoke("a2", "bob"));

        // when
        List<CouponOutcome> outcomes = decide(revoke("a1", "alice"), revoke("a3", "alice", 1), revoke("a1", "alice"));

        // then
        assertThat(outcomes).containsExactly(revoked("a1", "alice", 1, "r1", 2, at(2)),
                revoked("a3", "alice", 1, "r1", 2, at(2)), revoked("a1", "alice", 1, "r1", 2, at(2)));
        assertThat(held("alice")).containsExactly(2L);
        assertThat(state().revoked()).isEqualTo(2);
    }

    @Test
    void shouldRevokeTheSameRequestIdOfAnotherUserToo() {
        // given
        given(limited(9, 1, true), issue("r1", "alice"), issue("r1", "bob"), revoke("a1", "alice"));

        // when
        List<CouponOutcome> outcomes = decide(revoke("a1", "bob"));

        // then
        assertThat(outcomes).containsExactly(revoked("a1", "bob", 2, "r1", 2, at(4)));
    }

    @Test
    void shouldNeverIssueTheRevokedRequestAgain() {
        // given
        given(limited(9, 2, true), issue("r1", "alice"), revoke("a1", "alice"));

        // when
        List<CouponOutcome> outcomes = decide(issue("r1", "alice"), issue("r2", "alice"), issue("r1", "alice"),
                issue("r3", "alice"), issue("r1", "alice"), issue("r2", "alice"));

        // then
        assertThat(outcomes).containsExactly(rejected("r1", "alice", REVOKED, at(3)),
                issued("r2", "alice", 2, at(4), 2), rejected("r1", "alice", REVOKED, at(5)),
                issued("r3", "alice", 3, at(6), 3), rejected("r1", "alice", REVOKED, at(7)),
                issued("r2", "alice", 2, at(4), 2));
    }

    @Test
    void shouldNotIssueAgainWithoutReclaim() {
        // given
        given(limited(9, 2, false), issue("r1", "alice"), issue("r2", "alice"), revoke("a1", "alice", 1));

        // when
        List<CouponOutcome> outcomes = decide(issue("r3", "alice"), define("a2", limited(9, 3, false)),
                issue("r4", "alice"), define("a3", limited(9, 1, true)), revoke("a4", "alice", 2),
                revoke("a5", "alice", 3), issue("r5", "alice"));

        // then
        assertThat(outcomes).startsWith(rejected("r3", "alice", REVOKED, at(4)))
                .contains(issued("r4", "alice", 3, at(6), 3)).endsWith(issued("r5", "alice", 4, at(10), 4));
    }

    @Test
    void shouldBoundTheIssuesOfAUser() {
        // given
        given(limited(9, 1, true));
        IntStream.range(0, CouponDefinition.MAX_ISSUES_PER_USER).forEach(i -> {
            assertThat(authority.decide(at(i), issue("r" + i, "alice"))).isInstanceOf(CouponIssued.class);
            authority.decide(at(i), revoke("a" + i, "alice"));
        });

        // when
        CouponOutcome more = authority.decide(at(300), issue("more", "alice"));
        CouponOutcome other = authority.decide(at(300), issue("more", "bob"));

        // then
        assertThat(more).isEqualTo(rejected("more", "alice", REVOKED, at(300)));
        assertThat(other).isEqualTo(issued("more", "bob", CouponDefinition.MAX_ISSUES_PER_USER + 1, at(300)));
    }

    @Test
    void shouldReopenForHoldersWhenTheLimitIsRaised() {
        // given
        given(limited(9, 2, true), issue("r1", "alice"), issue("r2", "alice"));

        // when
        List<CouponOutcome> outcomes = decide(issue("r3", "alice"), define("a1", limited(9, 3, true)),
                issue("r4", "alice"), define("a2", limited(9, 1, true)), issue("r5", "alice"));

        // then
        assertThat(outcomes).contains(limitReached("r3", "alice", at(3), 1L, 2L), issued("r4", "alice", 3, at(5), 3),
                limitReached("r5", "alice", at(7), 1L, 2L, 3L));
    }

    @Test
    void shouldBoundTheStockByWhatIsHeld() {
        // given
        given(limited(3, 1, true), issue("r1", "alice"), issue("r2", "bob"), issue("r3", "carol"),
                revoke("a1", "alice"));

        // when
        List<CouponOutcome> outcomes = decide(define("a2", limited(1, 1, true)), define("a3", limited(2, 1, true)),
                issue("r4", "dave"));

        // then
        assertThat(outcomes).containsExactly(changeRejected("a2", STOCK_BELOW_ISSUED, at(5)),
                changed("a3", CHANGED, new CouponState(limited(2, 1, true), CouponStatus.ACTIVE, 2, 3, 1), at(6)),
                rejected("r4", "dave", SOLD_OUT, at(7)));
    }

    @Test
    void shouldKeepTimeMonotoneAcrossRevocations() {
        // given
        given(limited(9, 1, true), issue("r1", "alice"), issue("r2", "bob"));
        authority.decide(at(50), revoke("a1", "alice"));

        // when
        CouponOutcome revocation = authority.decide(at(20), revoke("a2", "bob"));
        CouponOutcome issue = authority.decide(at(30), issue("r3", "carol"));

        // then
        assertThat(revocation).isEqualTo(revoked("a2", "bob", 2, "r2", 2, at(50)));
        assertThat(issue).isEqualTo(issued("r3", "carol", 3, at(50)));
    }

    @Test
    void shouldNotChangeStateByWhatIsRepeatedOrRejected() {
        // given
        given(limited(9, 2, false), issue("r1", "alice"), issue("r2", "alice"), revoke("a1", "alice", 1));
        CouponSnapshot before = authority.snapshot(COUPON, Optional.of(userId("alice")));
        List<CouponCommand> commands = List.of(revoke("a1", "alice"), revoke("a2", "alice", 1),
                revoke("a3", "alice", 9),
                issue("r1", "alice"), issue("r2", "alice"), issue("r3", "alice"));

        // when
        List<CouponOutcome> outcomes = commands.stream()
                .map(command -> IssuancePolicy.decide(before, command, at(99))).toList();

        // then
        assertThat(outcomes).allSatisfy(outcome -> assertThat(before.after(outcome)).isEqualTo(before));
    }

    /** Decides the definition at second 0 and the commands at the seconds after it. */
    private void given(CouponDefinition definition, CouponCommand... commands) {
        authority.decide(at(0), define("a0", definition));
        next = 1;
        decide(commands);
    }

    private List<CouponOutcome> decide(CouponCommand... commands) {
        return List.of(commands).stream().map(command -> authority.decide(at(next++), command)).toList();
    }

    private CouponState state() {
        return authority.snapshot(COUPON, Optional.empty()).coupon().orElseThrow().state();
    }

    private List<Long> held(String user) {
        return authority.snapshot(COUPON, Optional.of(userId(user))).holdings().held().stream().map(Holding::sequence)
                .toList();
    }
}
