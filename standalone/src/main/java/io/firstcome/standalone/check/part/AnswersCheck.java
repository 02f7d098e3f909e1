package io.firstcome.standalone.check.part;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.id.CouponId;
import io.firstcome.kit.http.Requests;
import io.firstcome.standalone.check.log.CommittedLog;
import io.firstcome.standalone.check.report.CheckResult;
import io.firstcome.standalone.check.report.Deadline;
import io.firstcome.standalone.client.ApiAnswer;
import io.firstcome.standalone.client.ApiClient;
import io.firstcome.standalone.console.Amount;
import io.firstcome.testkit.evidence.Answer;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.evidence.Reply;
import io.firstcome.testkit.facts.ClaimKey;
import io.firstcome.testkit.facts.CommittedCoupon;
import io.firstcome.testkit.guarantee.GuaranteeResult;
import io.firstcome.testkit.guarantee.checks.AnswersAgree;

/**
 * Asks the public API about the coupons and about the newest claims, and compares the answers with the log. Answers
 * that callers got earlier are not known to it.
 */
public final class AnswersCheck {

    private static final String NAME = "AnswersAgree";
    private static final int REQUESTS = 100;
    private static final Duration STALENESS = Duration.ofSeconds(30);

    private final URI callers;
    private final Optional<String> userToken;
    private final CommittedLog log;

    /**
     * @param callers the URL of the public API
     * @param userToken the token of a user, where callers are users: then only the claims of this user are shown
     */
    public AnswersCheck(URI callers, Optional<String> userToken, CommittedLog log) {
        this.callers = callers;
        this.userToken = userToken;
        this.log = log;
    }

    /** @param notCompared what of the system the log does not cover any more */
    public CheckResult check(String notCompared, Deadline deadline) throws InterruptedException {
        try (var client = new ApiClient(callers, userToken)) {
            CheckResult result = compare(client, notCompared);
            // An ingress may be behind the log for a moment.
            while (result.status() == CheckResult.Status.VIOLATED && deadline.pause()) {
                result = compare(client, notCompared);
            }
            return result;
        } catch (IOException e) {
            return CheckResult.unknown(NAME, "no answer from " + callers + ": " + e);
        }
    }

    private CheckResult compare(ApiClient client, String notCompared) throws IOException, InterruptedException {
        Map<CouponId, CommittedCoupon> before = CommittedCoupon.of(log.history().allOutcomes());
        List<ClaimKey> newest = newestClaims();
        List<Answer> answers = new ArrayList<>();
        for (ClaimKey claim : newest) {
            Instant sentAt = Instant.now();
            ApiAnswer answer = client.get("/v1/coupons/" + claim.couponId() + "/requests/" + claim.requestId()
                    + "?userId=" + Requests.encoded(claim.userId()));
            // With a token of one user the claims of others are forbidden.
            if (answer.status() != 404 && answer.status() != 403 && !answer.isSuccess()) {
                return unknown("the public API does not say what became of a request", answer);
            }
            reply(answer).ifPresent(reply -> answers.add(new Answer(claim.requestId(), claim.couponId(),
                    claim.userId(), reply, sentAt, Instant.now())));
        }
        Map<CouponId, JsonNode> coupons = new LinkedHashMap<>();
        for (CouponId coupon : log.history().withAllOutcomes()) {
            ApiAnswer answer = client.get("/v1/coupons/" + coupon);
            if (answer.isSuccess()) {
                coupons.put(coupon, answer.body());
            } else if (answer.status() != 404) {
                return unknown("the public API does not show " + coupon, answer);
            } else {
                return CheckResult.violated(NAME, List.of(coupon + ": the public API does not know the coupon"));
            }
        }
        log.readOn();
        List<String> violations = new ArrayList<>(counts(before, coupons));
        var claims = new AnswersAgree(Duration.ZERO, STALENESS)
                .check(Evidence.of(log.history().allOutcomes()).withAnswers(answers));
        if (claims instanceof GuaranteeResult.Fail(var ofClaims)) {
            violations.addAll(ofClaims);
        }
        if (!violations.isEmpty()) {
            return CheckResult.violated(NAME, violations);
        }
        if (answers.isEmpty() && !newest.isEmpty()) {
            return CheckResult.unknown(NAME, "the public API shows the decision of none of the "
                    + Amount.of(newest.size(), "newest claim") + ": it forgets them after"
                    + " FIRSTCOME_REQUESTS_RETENTION_MS"
                    + (userToken.isPresent() ? ", and a token shows its user's" : "")
                    + "; send a claim and check again");
        }
        String facts = Amount.of(coupons.size(), "coupon") + " and " + Amount.of(answers.size(), "recent claim")
                + " asked about now; answers of before are not known here";
        return notCompared.isEmpty()
                ? CheckResult.held(NAME, facts)
                : CheckResult.unknown(NAME, facts + "; not compared: " + notCompared);
    }

    private CheckResult unknown(String what, ApiAnswer answer) {
        if (answer.status() != 401) {
            return CheckResult.unknown(NAME, what + ": " + answer.problem() + ": " + answer.explanation());
        }
        return CheckResult.unknown(NAME, userToken.isEmpty()
                ? "callers are users with tokens: name a file with the token of a user with --user-token-file"
                : "the public API does not accept the token of --user-token-file");
    }

    /**
     * An ingress reads committed outcomes only, so it never shows more than the log has when it is read afterwards. It
     * may show less for a moment.
     *
     * @param before what the log had before the ingress was asked
     */
    private List<String> counts(Map<CouponId, CommittedCoupon> before, Map<CouponId, JsonNode> coupons) {
        Map<CouponId, CommittedCoupon> after = CommittedCoupon.of(log.history().allOutcomes());
        List<String> violations = new ArrayList<>();
        coupons.forEach((coupon, shown) -> {
            long min = before.getOrDefault(coupon, new CommittedCoupon()).issuedQuantity();
            long max = after.getOrDefault(coupon, new CommittedCoupon()).issuedQuantity();
            JsonNode issued = shown.path("issued");
            if (!issued.canConvertToLong() || issued.longValue() < min || issued.longValue() > max) {
                violations.add("%s: the public API shows %s issued, but the log has %,d".formatted(coupon,
                        issued.isMissingNode() ? "nothing as" : issued, max));
            }
        });
        return violations;
    }

    private List<ClaimKey> newestClaims() {
        return log.history().allOutcomes().decisions().stream()
                .sorted(Comparator.comparing(CouponOutcome::decidedAt).reversed())
                .flatMap(outcome -> ClaimKey.of(outcome).stream()).distinct().limit(REQUESTS).toList();
    }

    /** Empty for a request that is pending or not remembered. */
    private static Optional<Reply> reply(ApiAnswer answer) {
        return switch (answer.text("status").orElse("")) {
            case "ISSUED" -> Optional.of(Reply.issued(answer.body().path("sequence").longValue()));
            case "REVOKED" -> Optional.of(Reply.rejected(RejectionReason.REVOKED));
            case "REJECTED" -> Arrays.stream(RejectionReason.values())
                    .filter(reason -> answer.text("reason").filter(reason.name()::equals).isPresent())
                    .map(Reply::rejected).findFirst();
            default -> Optional.empty();
        };
    }
}
