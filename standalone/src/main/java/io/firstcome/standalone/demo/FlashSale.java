package io.firstcome.standalone.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;

import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.kit.service.StartFailure;
import io.firstcome.standalone.demo.KeepAliveClient.HttpAnswer;
import io.firstcome.standalone.stack.Endpoints;
import io.firstcome.testkit.evidence.Answer;
import io.firstcome.testkit.evidence.Reply;

/**
 * Opens a coupon and lets many users claim it at the same time. Each user repeats the same request, with the same id,
 * until it gets a final answer.
 */
public final class FlashSale {

    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final Clock CLOCK = Clock.systemUTC();

    private final SalePlan plan;
    private final SaleClient client;
    private final Runnable onAnswered;
    private final Semaphore connections;

    private FlashSale(SalePlan plan, SaleClient client, Runnable onAnswered) {
        this.plan = plan;
        this.client = client;
        this.onAnswered = onAnswered;
        this.connections = new Semaphore(plan.connections());
    }

    /**
     * Opens a new coupon and runs its sale to the end.
     *
     * @param onAnswered called after each claim that is answered or has timed out
     * @throws StartFailure when the coupon cannot be created
     */
    public static SaleResult run(SalePlan plan, Endpoints endpoints, Runnable onAnswered)
            throws InterruptedException, IOException {
        try (var client = new SaleClient(endpoints)) {
            FlashSale sale = new FlashSale(plan, client, onAnswered);
            sale.open();
            return sale.claimConcurrently();
        }
    }

    /** Lets more users claim a coupon that is already open. The stock of the plan is ignored. */
    public static SaleResult join(SalePlan plan, Endpoints endpoints, Runnable onAnswered)
            throws InterruptedException {
        try (var client = new SaleClient(endpoints)) {
            return new FlashSale(plan, client, onAnswered).claimConcurrently();
        }
    }

    private void open() throws IOException {
        Instant now = CLOCK.instant().truncatedTo(ChronoUnit.MILLIS);
        var coupon = new CouponDefinition(plan.couponId(), "Flash sale", plan.stock(), now.minusSeconds(60),
                now.plus(1, ChronoUnit.HOURS));
        HttpAnswer answer = client.define(coupon);
        if (answer.status() != 201) {
            throw new StartFailure("the coupon could not be created: " + answer.status() + " "
                    + new String(answer.body(), UTF_8));
        }
    }

    private SaleResult claimConcurrently() throws InterruptedException {
        Instant start = CLOCK.instant();
        List<Future<UserClaim>> claims = new ArrayList<>();
        try (var users = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 1; i <= plan.users(); i++) {
                UserId user = plan.user(i);
                String request = plan.couponId() + "_" + plan.userPrefix() + "-" + i;
                claims.add(users.submit(() -> claimUntilAnswered(user, new RequestId(request + "_first"))));
                if (i <= plan.usersWithTwoClaims()) {
                    claims.add(users.submit(() -> claimUntilAnswered(user, new RequestId(request + "_second"))));
                }
            }
        }
        Duration duration = Duration.between(start, CLOCK.instant());
        return new SaleResult(plan, claims.stream().map(FlashSale::result).toList(), duration);
    }

    private static UserClaim result(Future<UserClaim> claim) {
        try {
            return claim.get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException("a user's thread failed", e);
        }
    }

    private UserClaim claimUntilAnswered(UserId user, RequestId requestId) throws InterruptedException {
        List<Answer> answers = new ArrayList<>();
        // All users press now; a user who waits for a free connection waits for an answer.
        Instant start = CLOCK.instant();
        connections.acquire();
        try {
            do {
                answers.add(claimOnce(user, requestId));
            } while (!isFinal(answers.getLast()) && pauseBeforeRetry(start));
        } finally {
            connections.release();
            onAnswered.run();
        }
        return new UserClaim(answers, Duration.between(start, CLOCK.instant()));
    }

    private Answer claimOnce(UserId user, RequestId requestId) {
        Instant sent = CLOCK.instant();
        Reply reply = reply(user, requestId);
        return new Answer(requestId, plan.couponId(), user, reply, sent, CLOCK.instant());
    }

    private Reply reply(UserId user, RequestId requestId) {
        try {
            return Replies.read(requestId, client.claim(plan.couponId(), user, requestId));
        } catch (IOException e) {
            // The request may or may not be in the log. Repeating it is safe, because it has the same id.
            return Reply.uncertain(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    private static boolean isFinal(Answer answer) {
        return answer.reply() instanceof Reply.Issued || answer.reply() instanceof Reply.Rejected;
    }

    /** Waits a random time, so that the retries of many users are spread. Returns false after the timeout. */
    private boolean pauseBeforeRetry(Instant start) throws InterruptedException {
        long mean = plan.retryDelay().toMillis();
        Thread.sleep(Duration.ofMillis(ThreadLocalRandom.current().nextLong(mean / 2, mean * 3 / 2)));
        return Duration.between(start, CLOCK.instant()).compareTo(TIMEOUT) < 0;
    }

    /**
     * One claim of one user, with all its retries.
     *
     * @param answers in order; the last one is final unless the claim timed out
     * @param latency from the press to the last answer, also while the user waits for a free connection
     */
    public record UserClaim(List<Answer> answers, Duration latency) {

        public UserClaim {
            answers = List.copyOf(answers);
        }

        RequestId requestId() {
            return answers.getLast().requestId();
        }

        Reply lastReply() {
            return answers.getLast().reply();
        }
    }

    /**
     * The result of a sale.
     *
     * @param duration from the first request to the last answer
     */
    public record SaleResult(SalePlan plan, List<UserClaim> claims, Duration duration) {

        /** All answers to all claims, including those that are not final. */
        public List<Answer> answers() {
            return claims.stream().flatMap(claim -> claim.answers().stream()).toList();
        }

        /** The last reply to each claim. */
        public List<Reply> lastReplies() {
            return claims.stream().map(UserClaim::lastReply).toList();
        }

        /** The number of claims that were issued a coupon. */
        long issuedCount() {
            return claims.stream().filter(claim -> claim.lastReply() instanceof Reply.Issued).count();
        }

        /**
         * A quantile of the latency of claims; empty when there are no claims.
         *
         * @param quantile from 0 to 1, for example 0.99
         */
        Optional<Duration> latency(double quantile) {
            List<Duration> sorted = claims.stream().map(UserClaim::latency).sorted().toList();
            int rank = (int) Math.ceil(quantile * sorted.size()) - 1;
            return sorted.isEmpty() ? Optional.empty() : Optional.of(sorted.get(Math.max(0, rank)));
        }
    }
}
