package io.firstcome.standalone.client;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.kit.http.Requests;

/**
 * One claim, repeated under the same key until it is decided, as {@code docs/clients.md} describes it: after 408, 429,
 * 500, 503 and no answer the claim is sent again, not before {@code Retry-After}. After 202 the status of the request
 * is queried.
 */
public final class ClaimAttempts {

    private static final Duration MAX_PREFER_WAIT = Duration.ofSeconds(30);
    private static final Duration DEFAULT_PAUSE = Duration.ofSeconds(1);

    private final Transport transport;
    private final Pause pause;
    private final Clock clock;
    private final Consumer<String> progress;

    /** Sends requests. */
    @FunctionalInterface
    public interface Transport {

        /** @throws IOException when there is no complete answer */
        ApiAnswer send(String method, String path, Map<String, String> headers, Optional<Object> body)
                throws IOException, InterruptedException;
    }

    /** Waits between two attempts. */
    @FunctionalInterface
    public interface Pause {

        /** Returns after this time. */
        void during(Duration time) throws InterruptedException;
    }

    private record Body(UserId userId) {}

    /** @param progress receives a line for each attempt that is repeated */
    public ClaimAttempts(Transport transport, Pause pause, Clock clock, Consumer<String> progress) {
        this.transport = transport;
        this.pause = pause;
        this.clock = clock;
        this.progress = progress;
    }

    /**
     * Claims a coupon.
     *
     * @param key the {@code Idempotency-Key}, which is the request id
     * @param timeout after this time no further attempt begins
     */
    public ClaimReply claim(CouponId coupon, UserId user, RequestId key, Duration timeout)
            throws InterruptedException {
        Instant deadline = clock.instant().plus(timeout);
        String claims = "/v1/coupons/" + coupon + "/issues";
        String status = "/v1/coupons/" + coupon + "/requests/" + key + "?userId=" + Requests.encoded(user);
        boolean accepted = false;
        while (true) {
            Optional<ApiAnswer> answer = Optional.empty();
            String why;
            try {
                var headers = Map.of("Prefer", "wait=" + wait(deadline));
                ApiAnswer received = accepted
                        ? transport.send("GET", status, headers, Optional.empty())
                        : transport.send("POST", claims,
                                Map.of(Requests.IDEMPOTENCY_KEY, key.value(), "Prefer", headers.get("Prefer")),
                                Optional.of(new Body(user)));
                answer = Optional.of(received);
                Optional<ClaimReply> decided = accepted ? ofStatus(received) : ofClaim(received);
                if (decided.isPresent()) {
                    return decided.get();
                }
                // 404: the ingress may not have read the claim, or has forgotten it. Only a claim tells.
                accepted = received.isSuccess() && received.text("requestId").equals(Optional.of(key.value()));
                why = explain(received, key);
            } catch (IOException e) {
                why = "no answer (" + e + ")";
            }
            Duration before = answer.flatMap(ApiAnswer::retryAfter).orElse(accepted ? Duration.ZERO : DEFAULT_PAUSE);
            if (!clock.instant().plus(before).isBefore(deadline)) {
                return new ClaimReply.Undecided(why, answer);
            }
            progress.accept(why + "; " + (accepted ? "asking for the decision" : "sending again under the same key"));
            pause.during(before);
        }
    }

    private long wait(Instant deadline) {
        Duration left = Duration.between(clock.instant(), deadline);
        return Math.clamp(left.toSeconds(), 1, MAX_PREFER_WAIT.toSeconds());
    }

    private static Optional<ClaimReply> ofClaim(ApiAnswer answer) {
        return switch (answer.status()) {
            case 201 -> Optional.of(new ClaimReply.Issued(answer));
            case 202, 408, 429, 500, 502, 503, 504 -> Optional.empty();
            case 409, 410 -> Optional.of(new ClaimReply.Rejected(answer.problem(), answer));
            default -> Optional.of(new ClaimReply.Refused(answer));
        };
    }

    private static Optional<ClaimReply> ofStatus(ApiAnswer answer) {
        return switch (answer.text("status").orElse("")) {
            case "ISSUED" -> Optional.of(new ClaimReply.Issued(answer));
            case "REVOKED" -> Optional.of(new ClaimReply.Rejected("revoked", answer));
            case "REJECTED" -> Optional.of(new ClaimReply.Rejected(
                    answer.text("reason").orElse("unknown").toLowerCase(Locale.ROOT).replace('_', '-'), answer));
            default -> Optional.empty();
        };
    }

    private static String explain(ApiAnswer answer, RequestId key) {
        if (!answer.isSuccess()) {
            return answer.problem();
        }
        Optional<String> request = answer.text("requestId").filter(id -> !id.equals(key.value()));
        return request.map(id -> "an earlier request of the user is undecided: " + id).orElse("not decided yet");
    }
}
