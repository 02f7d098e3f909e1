package io.firstcome.ingress.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.ingress.authority.AuthorityHolders;
import io.firstcome.ingress.console.ClaimAnswer.Answered;
import io.firstcome.ingress.console.RushReport.GuaranteeCheck;
import io.firstcome.ingress.console.RushReport.Result;
import io.firstcome.ingress.testing.TestServer;
import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemException;
import io.firstcome.kit.http.Requests;
import io.firstcome.readmodel.coupons.CouponRegistry;

/** What a rush claims about the guarantees, when the authority's list is right, wrong or missing. */
class RushCheckTest {

    private static final CouponId COUPON = new CouponId("c1");
    private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");

    private final List<Map<String, Object>> holders = new ArrayList<>();
    private final Map<RequestId, Answered> answers = new LinkedHashMap<>();
    private boolean away;
    private boolean changing;
    private boolean changesAfterTheFirstReading;
    private int stockRequests;
    private CouponStatus status = CouponStatus.ACTIVE;
    private int issued = -1;
    private int sent = -1;
    private final int perUser = 1;
    private long version = 1;
    private int asked;
    private final TestServer server = TestServer.with(routes -> {
        routes.get("/v1/coupons/c1/stock", context -> {
            if (away) {
                throw new ProblemException(Problem.unavailable("Rebalancing."));
            }
            // Each reading asks before and after the list.
            changing |= ++stockRequests > 2 && changesAfterTheFirstReading;
            Requests.answer(context, 200, Map.of("stock", 2, "issued", issued < 0 ? holders.size() : issued, "revoked",
                    changing ? asked++ : 0, "version", version, "status", status));
        });
        routes.get("/v1/coupons/c1/holders",
                context -> Requests.answer(context, 200, Map.of("couponId", COUPON, "holders", holders)));
    });

    @AfterEach
    void stop() {
        server.close();
    }

    private void issue(String user, long sequence) {
        holders.add(
                Map.of("userId", user, "sequence", sequence, "requestId", "r-" + user + sequence, "issuedAt", TIME));
        answer(user, "r-" + user + sequence, new ClaimAnswer.Issued(sequence));
    }

    private void answer(String user, String request, ClaimAnswer answer) {
        var requestId = new RequestId(request);
        answers.put(requestId, new Answered(new UserId(user), requestId, answer, 1));
    }

    private Map<String, Result> check() throws InterruptedException {
        var registry = new CouponRegistry(_ -> {});
        registry.apply(new CouponState(new CouponDefinition(COUPON, "Tea", 2, TIME, TIME.plusSeconds(1), perUser, true),
                status, version, 0));
        try (var authority = new AuthorityHolders(List.of(URI.create("http://127.0.0.1:" + server.port())))) {
            return new RushCheck(registry, authority, Duration.ofMillis(1))
                    .check(COUPON, 1, answers, sent < 0 ? answers.size() : sent).stream()
                    .collect(Collectors.toMap(GuaranteeCheck::name, GuaranteeCheck::result));
        }
    }

    @Test
    void shouldPassWhenListAndAnswersAgree() throws InterruptedException {
        // given
        issue("amy", 1);
        issue("bob", 2);
        answer("eve", "r-eve", new ClaimAnswer.Rejected("sold-out", 0));

        // then
        assertThat(check().values()).hasSize(4).containsOnly(Result.PASS);
    }

    @Test
    void shouldFailWhenMoreIsHeldThanTheStock() throws InterruptedException {
        // given
        issue("amy", 1);
        issue("bob", 2);
        issue("eve", 3);

        // then
        assertThat(check()).containsEntry("stock", Result.FAIL).containsEntry("numbers", Result.PASS);
    }

    @Test
    void shouldFailWhenANumberIsMissing() throws InterruptedException {
        // given
        issue("amy", 1);
        issue("bob", 3);

        // then
        assertThat(check()).containsEntry("numbers", Result.FAIL).containsEntry("stock", Result.PASS);
    }

    @Test
    void shouldFailWhenANumberIsGivenTwice() throws InterruptedException {
        // given
        issue("amy", 1);
        issue("bob", 1);

        // then
        assertThat(check()).containsEntry("numbers", Result.FAIL);
    }

    @Test
    void shouldFailWhenAUserHoldsTooMany() throws InterruptedException {
        // given
        issue("amy", 1);
        issue("amy", 2);

        // then
        assertThat(check()).containsEntry("limit", Result.FAIL).containsEntry("answers", Result.PASS);
    }

    @Test
    void shouldFailWhenAnIssuedAnswerIsNotInTheList() throws InterruptedException {
        // given
        issue("amy", 1);
        answer("bob", "r-bob", new ClaimAnswer.Issued(2));

        // then
        assertThat(check()).containsEntry("answers", Result.FAIL);
    }

    @Test
    void shouldFailWhenARejectedClaimIsInTheList() throws InterruptedException {
        // given
        issue("amy", 1);
        answer("amy", "r-amy1", new ClaimAnswer.Rejected("sold-out", 0));

        // then
        assertThat(check()).containsEntry("answers", Result.FAIL);
    }

    @Test
    void shouldNotPassWithoutFinalAnswers() throws InterruptedException {
        // given
        issue("amy", 1);
        answer("bob", "r-bob", new ClaimAnswer.NotFinal("503 unavailable"));

        // then
        assertThat(check()).containsEntry("answers", Result.UNKNOWN).containsEntry("stock", Result.PASS);
    }

    @Test
    void shouldKnowNothingWithoutTheAuthority() throws InterruptedException {
        // given
        issue("amy", 1);
        away = true;

        // then
        assertThat(check().values()).hasSize(4).containsOnly(Result.UNKNOWN);
    }

    @Test
    void shouldKnowNothingOfAnArchivedCoupon() throws InterruptedException {
        // given
        issued = 2;
        status = CouponStatus.ARCHIVED;

        // then
        assertThat(check().values()).hasSize(4).containsOnly(Result.UNKNOWN);
    }

    @Test
    void shouldRefuseARushOnAnArchivedCoupon() {
        // given
        var archived = new CouponState(new CouponDefinition(COUPON, "Tea", 2, TIME, TIME.plusSeconds(1)),
                CouponStatus.ARCHIVED, 3, 2);

        // then
        assertThatThrownBy(() -> ConsoleRoutes.requireHolders(archived)).isInstanceOf(ProblemException.class);
    }

    @Test
    void shouldNotBlameARushForIssuesBefore() throws InterruptedException {
        // given
        issue("amy", 1);
        issue("amy", 2);
        answers.clear();
        answer("eve", "r-eve", new ClaimAnswer.Rejected("sold-out", 0));

        // then
        assertThat(check()).containsEntry("limit", Result.UNKNOWN).containsEntry("answers", Result.PASS);
    }

    @Test
    void shouldNotJudgeALimitThatMayHaveChanged() throws InterruptedException {
        // given
        issue("amy", 1);
        issue("amy", 2);
        version = 2;

        // then
        assertThat(check()).containsEntry("limit", Result.UNKNOWN);
    }

    @Test
    void shouldNotPassWhenNoAnswerWasCompared() throws InterruptedException {
        // given
        issue("amy", 1);
        answers.clear();

        // then
        assertThat(check()).containsEntry("answers", Result.UNKNOWN);
    }

    @Test
    void shouldNotPassWhenASentClaimHasNoAnswer() throws InterruptedException {
        // given
        issue("amy", 1);
        sent = 2;

        // then
        assertThat(check()).containsEntry("answers", Result.UNKNOWN);
    }

    @Test
    void shouldCompareTheNumberOfAlreadyIssued() throws InterruptedException {
        // given
        issue("amy", 1);
        issue("bob", 2);
        answer("amy", "r-amy-again", new ClaimAnswer.Rejected("already-issued", 1));

        // then
        assertThat(check()).containsEntry("answers", Result.PASS);

        // when
        answer("amy", "r-amy-again", new ClaimAnswer.Rejected("already-issued", 2));

        // then
        assertThat(check()).containsEntry("answers", Result.FAIL);
    }

    @Test
    void shouldNotCompareAnAnswerThatIsNoDecision() throws InterruptedException {
        // given
        issue("amy", 1);
        answer("eve", "r-eve", new ClaimAnswer.Rejected("forbidden", 0));

        // then
        assertThat(check()).containsEntry("answers", Result.UNKNOWN);
    }

    @Test
    void shouldAcceptARevokedAnswerForARevokedIssue() throws InterruptedException {
        // given
        holders.add(Map.of("userId", "amy", "sequence", 1, "requestId", "r-amy1", "issuedAt", TIME, "revokedAt", TIME));
        answer("amy", "r-amy1", new ClaimAnswer.Rejected("revoked", 0));

        // then
        assertThat(check()).containsEntry("answers", Result.PASS);
    }

    @Test
    void shouldKnowNothingWhileTheCouponChanges() throws InterruptedException {
        // given
        issue("amy", 1);
        changing = true;

        // then
        assertThat(check().values()).hasSize(4).containsOnly(Result.UNKNOWN);
    }

    /** A long list leaves time for one reading, and then the coupon changes again and again. */
    @Test
    void shouldReportAGapOfTheLastUnchangedReading() throws InterruptedException {
        // given
        issue("amy", 1);
        issue("bob", 3);
        changesAfterTheFirstReading = true;

        // then
        assertThat(check()).containsEntry("numbers", Result.FAIL).containsEntry("answers", Result.PASS);
    }
}
