package io.firstcome.contract;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import io.firstcome.contract.CouponCommand.ArchiveCoupon;
import io.firstcome.contract.CouponCommand.CloseCoupon;
import io.firstcome.contract.CouponCommand.DefineCoupon;
import io.firstcome.contract.CouponCommand.IssueCoupon;
import io.firstcome.contract.CouponCommand.PauseCoupon;
import io.firstcome.contract.CouponCommand.ResumeCoupon;
import io.firstcome.contract.CouponCommand.RevokeIssue;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.contract.topic.Topic;
import io.firstcome.contract.topic.Topics;

/**
 * At least one value of every type that the topics hold, with its exact JSON. {@link #ofFirstRelease} never changes: an
 * earlier release must be able to read what this one writes, as long as it uses nothing new.
 */
public final class Examples {

    /** A value, its topic and its JSON. */
    public record Example<V extends AboutCoupon>(Topic<V> topic, V value, String json) {
        @Override
        public String toString() {
            return value.getClass().getSimpleName();
        }
    }

    private static final RequestId REQUEST = new RequestId("r-1");
    private static final CouponId COUPON = new CouponId("coffee_2026");
    private static final UserId USER = new UserId("u1");
    private static final Instant NINE = Instant.parse("2026-01-01T09:00:00Z");
    private static final Instant TEN = Instant.parse("2026-01-01T10:00:00Z");
    private static final Instant NOW = Instant.parse("2026-01-01T09:00:10.250Z");
    private static final CouponDefinition DEFINITION = new CouponDefinition(COUPON, "무료 커피 ☕", 500, NINE, TEN);
    private static final CouponState STATE = new CouponState(DEFINITION, CouponStatus.PAUSED, 3, 120);

    private static final String DEFINITION_JSON = """
            {"couponId":"coffee_2026","name":"무료 커피 ☕","stock":500,\
            "opensAt":"2026-01-01T09:00:00Z","closesAt":"2026-01-01T10:00:00Z"}""";
    private static final String STATE_JSON = """
            {"definition":%s,"status":"PAUSED","version":3,"issued":120,"remaining":380}""".formatted(DEFINITION_JSON);

    private Examples() {}

    public static List<Example<?>> all() {
        return Stream.concat(ofFirstRelease().stream(), ofLaterReleases().stream()).toList();
    }

    /** Values that the first release has, in the JSON that it writes. */
    public static List<Example<?>> ofFirstRelease() {
        return List.of(defineCoupon(), pauseCoupon(), resumeCoupon(), closeCoupon(), issueCoupon(), couponIssued(),
                rejected(), alreadyIssued(), notStarted(), couponChanged(), changeRejected(), commandInvalid(),
                state());
    }

    /** Values that the first release cannot read. */
    public static List<Example<?>> ofLaterReleases() {
        return List.of(defineLimits(), revokeIssue(), revokeSequence(), secondIssue(), limitReached(),
                rejectedAsRevoked(), issueRevoked(), notHeld(), stateWithRevocations(), archiveCoupon());
    }

    public static Example<CouponCommand> defineCoupon() {
        return new Example<>(Topics.COMMANDS, new DefineCoupon(REQUEST, DEFINITION), """
                {"type":"DefineCoupon","requestId":"r-1","definition":%s}""".formatted(DEFINITION_JSON));
    }

    public static Example<CouponCommand> pauseCoupon() {
        return new Example<>(Topics.COMMANDS, new PauseCoupon(REQUEST, COUPON), """
                {"type":"PauseCoupon","requestId":"r-1","couponId":"coffee_2026"}""");
    }

    public static Example<CouponCommand> resumeCoupon() {
        return new Example<>(Topics.COMMANDS, new ResumeCoupon(REQUEST, COUPON), """
                {"type":"ResumeCoupon","requestId":"r-1","couponId":"coffee_2026"}""");
    }

    public static Example<CouponCommand> closeCoupon() {
        return new Example<>(Topics.COMMANDS, new CloseCoupon(REQUEST, COUPON), """
                {"type":"CloseCoupon","requestId":"r-1","couponId":"coffee_2026"}""");
    }

    public static Example<CouponCommand> issueCoupon() {
        return new Example<>(Topics.COMMANDS, new IssueCoupon(REQUEST, COUPON, USER), """
                {"type":"IssueCoupon","requestId":"r-1","couponId":"coffee_2026","userId":"u1"}""");
    }

    public static Example<CouponOutcome> couponIssued() {
        return new Example<>(Topics.OUTCOMES, new CouponIssued(REQUEST, COUPON, USER, 121, NOW), """
                {"type":"CouponIssued","requestId":"r-1","couponId":"coffee_2026","userId":"u1","sequence":121,\
                "issuedAt":"2026-01-01T09:00:10.250Z"}""");
    }

    public static Example<CouponOutcome> rejected() {
        return new Example<>(Topics.OUTCOMES, rejected(RejectionReason.SOLD_OUT, null, null), """
                {"type":"IssueRejected","requestId":"r-1","couponId":"coffee_2026","userId":"u1",\
                "reason":"SOLD_OUT","decidedAt":"2026-01-01T09:00:10.250Z"}""");
    }

    public static Example<CouponOutcome> alreadyIssued() {
        return new Example<>(Topics.OUTCOMES, rejected(RejectionReason.ALREADY_ISSUED, 7L, null), """
                {"type":"IssueRejected","requestId":"r-1","couponId":"coffee_2026","userId":"u1",\
                "reason":"ALREADY_ISSUED","decidedAt":"2026-01-01T09:00:10.250Z","heldSequence":7}""");
    }

    public static Example<CouponOutcome> notStarted() {
        return new Example<>(Topics.OUTCOMES, rejected(RejectionReason.NOT_STARTED, null, TEN), """
                {"type":"IssueRejected","requestId":"r-1","couponId":"coffee_2026","userId":"u1",\
                "reason":"NOT_STARTED","decidedAt":"2026-01-01T09:00:10.250Z","opensAt":"2026-01-01T10:00:00Z"}""");
    }

    public static Example<CouponOutcome> couponChanged() {
        return new Example<>(Topics.OUTCOMES, new CouponChanged(REQUEST, CouponChanged.Change.CHANGED, STATE, NOW), """
                {"type":"CouponChanged","requestId":"r-1","change":"CHANGED","state":%s,\
                "decidedAt":"2026-01-01T09:00:10.250Z"}""".formatted(STATE_JSON));
    }

    public static Example<CouponOutcome> changeRejected() {
        return new Example<>(Topics.OUTCOMES,
                new ChangeRejected(REQUEST, COUPON, ChangeRejectionReason.STOCK_BELOW_ISSUED, NOW), """
                        {"type":"ChangeRejected","requestId":"r-1","couponId":"coffee_2026",\
                        "reason":"STOCK_BELOW_ISSUED","decidedAt":"2026-01-01T09:00:10.250Z"}""");
    }

    public static Example<CouponOutcome> commandInvalid() {
        return new Example<>(Topics.OUTCOMES, new CommandInvalid(REQUEST, COUPON, "userId is missing", NOW), """
                {"type":"CommandInvalid","requestId":"r-1","couponId":"coffee_2026",\
                "detail":"userId is missing","decidedAt":"2026-01-01T09:00:10.250Z"}""");
    }

    public static Example<CouponCommand> defineLimits() {
        var limited = new CouponDefinition(COUPON, "무료 커피 ☕", 500, NINE, TEN, 3, false);
        return new Example<>(Topics.COMMANDS, new DefineCoupon(REQUEST, limited), """
                {"type":"DefineCoupon","requestId":"r-1","definition":%s,"perUser":3,"reclaim":false}}"""
                .formatted(DEFINITION_JSON.substring(0, DEFINITION_JSON.length() - 1)));
    }

    public static Example<CouponCommand> revokeIssue() {
        return new Example<>(Topics.COMMANDS, new RevokeIssue(REQUEST, COUPON, USER, null), """
                {"type":"RevokeIssue","requestId":"r-1","couponId":"coffee_2026","userId":"u1"}""");
    }

    public static Example<CouponCommand> revokeSequence() {
        return new Example<>(Topics.COMMANDS, new RevokeIssue(REQUEST, COUPON, USER, 121L), """
                {"type":"RevokeIssue","requestId":"r-1","couponId":"coffee_2026","userId":"u1","sequence":121}""");
    }

    public static Example<CouponCommand> archiveCoupon() {
        return new Example<>(Topics.COMMANDS, new ArchiveCoupon(REQUEST, COUPON), """
                {"type":"ArchiveCoupon","requestId":"r-1","couponId":"coffee_2026"}""");
    }

    public static Example<CouponOutcome> secondIssue() {
        return new Example<>(Topics.OUTCOMES, new CouponIssued(REQUEST, COUPON, USER, 121, NOW, 2), """
                {"type":"CouponIssued","requestId":"r-1","couponId":"coffee_2026","userId":"u1","sequence":121,\
                "issuedAt":"2026-01-01T09:00:10.250Z","nth":2}""");
    }

    public static Example<CouponOutcome> limitReached() {
        return new Example<>(Topics.OUTCOMES, new IssueRejected(REQUEST, COUPON, USER, RejectionReason.LIMIT_REACHED,
                NOW, null, null, List.of(7L, 121L)), """
                        {"type":"IssueRejected","requestId":"r-1","couponId":"coffee_2026","userId":"u1",\
                        "reason":"LIMIT_REACHED","decidedAt":"2026-01-01T09:00:10.250Z","heldSequences":[7,121]}""");
    }

    public static Example<CouponOutcome> rejectedAsRevoked() {
        return new Example<>(Topics.OUTCOMES, rejected(RejectionReason.REVOKED, null, null), """
                {"type":"IssueRejected","requestId":"r-1","couponId":"coffee_2026","userId":"u1",\
                "reason":"REVOKED","decidedAt":"2026-01-01T09:00:10.250Z"}""");
    }

    public static Example<CouponOutcome> issueRevoked() {
        return new Example<>(Topics.OUTCOMES,
                new IssueRevoked(REQUEST, COUPON, USER, 121, new RequestId("r-0"), 4, NOW), """
                        {"type":"IssueRevoked","requestId":"r-1","couponId":"coffee_2026","userId":"u1",\
                        "sequence":121,"claimRequestId":"r-0","revoked":4,"revokedAt":"2026-01-01T09:00:10.250Z"}""");
    }

    public static Example<CouponOutcome> notHeld() {
        return new Example<>(Topics.OUTCOMES,
                new ChangeRejected(REQUEST, COUPON, USER, ChangeRejectionReason.NOT_HELD, NOW), """
                        {"type":"ChangeRejected","requestId":"r-1","couponId":"coffee_2026","userId":"u1",\
                        "reason":"NOT_HELD","decidedAt":"2026-01-01T09:00:10.250Z"}""");
    }

    public static Example<CouponState> stateWithRevocations() {
        return new Example<>(Topics.STATES, STATE.withRevoked(4), STATE_JSON.replace("\"remaining\":380",
                "\"revoked\":4,\"remaining\":384"));
    }

    public static Example<CouponState> state() {
        return new Example<>(Topics.STATES, STATE, STATE_JSON);
    }

    private static IssueRejected rejected(RejectionReason reason, Long heldSequence, Instant opensAt) {
        return new IssueRejected(REQUEST, COUPON, USER, reason, NOW, heldSequence, opensAt);
    }
}
