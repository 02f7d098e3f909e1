package io.firstcome.ingress.commands;

import java.time.Instant;
import java.util.List;

import io.firstcome.contract.ChangeRejectionReason;
import io.firstcome.contract.CouponCommand.RevokeIssue;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.contract.json.ContractViolation;
import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemType;
import io.firstcome.kit.http.Requests;
import io.javalin.http.Context;

/** {@code DELETE /v1/coupons/{couponId}/issues/{userId}?sequence=N}: takes an issued coupon away from its user. */
public final class Revocation {

    /** The route, the same on both ports. */
    public static final String PATH = "/v1/coupons/{couponId}/issues/{userId}";

    private static final String SEQUENCE = "sequence";

    private Revocation() {}

    /**
     * Reads the command of a request.
     *
     * @throws ContractViolation naming the part of the request that is not valid
     */
    public static RevokeIssue command(Context context) {
        RequestId requestId = Requests.id(context);
        context.queryParamMap().keySet().stream().filter(name -> !SEQUENCE.equals(name)).findFirst().ifPresent(name -> {
            throw new ContractViolation(name, "is not a query parameter of this route");
        });
        return new RevokeIssue(requestId, Requests.couponId(context), Requests.userId(context), sequence(context));
    }

    private static Long sequence(Context context) {
        List<String> values = context.queryParams(SEQUENCE);
        if (values.isEmpty()) {
            return null;
        }
        // More digits than 18 would not fit a long, and no sequence has as many.
        if (values.size() != 1 || !values.getFirst().matches("[1-9][0-9]{0,17}")
                || Long.parseLong(values.getFirst()) > CouponOutcome.MAX_SEQUENCE) {
            throw new ContractViolation(SEQUENCE, "must be given once, as a whole number from 1 to "
                    + CouponOutcome.MAX_SEQUENCE);
        }
        return Long.valueOf(values.getFirst());
    }

    /**
     * Answers a request with the authority's decision.
     *
     * @throws io.firstcome.kit.http.ProblemException 404 when the user does not hold the coupon, 409 when the user
     *     holds several and the request names none
     */
    public static void answer(Context context, RevokeIssue command, CouponOutcome outcome) {
        switch (outcome) {
            case IssueRevoked revoked -> Requests.answer(context, 200, new Response(revoked.requestId(),
                    revoked.couponId(), revoked.userId(), revoked.sequence(), revoked.revokedAt()));
            case ChangeRejected rejected -> {
                Problem problem = rejected.reason() == ChangeRejectionReason.NOT_HELD
                        ? Problem.of(ProblemType.NO_SUCH_ISSUE, notHeld(command))
                        : Problem.of(ProblemType.of(rejected.reason()));
                throw DecidedCommands.failure(command, problem.with("userId", command.userId()));
            }
            case CommandInvalid invalid -> throw DecidedCommands.failure(command,
                    Problem.invalidRequest("path", invalid.detail()));
            case CouponIssued _,IssueRejected _,CouponChanged _ ->
                throw new IllegalStateException("not an outcome of a revocation: " + outcome);
        }
    }

    private static String notHeld(RevokeIssue command) {
        String number = command.sequence() == null ? "" : " with the sequence " + command.sequence();
        return "User " + command.userId() + " does not hold coupon " + command.couponId() + number + ".";
    }

    private record Response(RequestId requestId, CouponId couponId, UserId userId, long sequence, Instant revokedAt) {}
}
