package io.firstcome.standalone.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.http.HttpResponse;
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
import io.firstcome.contract.RequestId;
import io.firstcome.contract.UserId;
import io.firstcome.kit.service.StartFailure;
import io.firstcome.standalone.stack.Endpoints;
import io.firstcome.testkit.evidence.Answer;
import io.firstcome.testkit.evidence.Reply;

/**
 * Opens a coupon and lets everybody press the button at once. Each repeats the same request, under the same id, until
 * it is answered for good, as the answers ask them to.
 */
public final class FlashSale {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Clock CLOCK = Clock.systemUTC();

    private final SalePlan plan;
    private final SaleClient client;
    private final Runnable oneAnswered;
    private final Semaphore line;

    private FlashSale(SalePlan plan, SaleClient client, Runnable oneAnswered) {
        this.plan = plan;
        this.client = client;
        this.oneAnswered = oneAnswered;
        this.line = new Semaphore(plan.connections());
    }

    /**
     * Opens a new coupon and runs its sale to the end.
     *
     * @param oneAnswered called each time that one more press has a final answer
     * @throws StartFailure when the coupon cannot be opened
     */
    public static SaleResult run(SalePlan plan, Endpoints endpoints, Runnable oneAnswered)
            throws InterruptedException, IOException {
        try (var client = new SaleClient(endpoints)) {
            FlashSale sale = new FlashSale(plan, client, oneAnswered);
            sale.open();
            return sale.rush();
        }
    }

    /** Lets people press the button of a coupon that is already open; its stock is what it is. */
    public static SaleResult join(SalePlan plan, Endpoints endpoints, Runnable oneAnswered)
            throws InterruptedException {
        try (var client = new SaleClient(endpoints)) {
            return new FlashSale(plan, client, oneAnswered).rush();
        }
    }

    private void open() throws IOException, InterruptedException {
        Instant now = CLOCK.instant().truncatedTo(ChronoUnit.MILLIS);
        var coupon = new CouponDefinition(plan.couponId(), "Flash sale", plan.stock(), now.minusSeconds(60),
                now.plus(1, ChronoUnit.HOURS));
        HttpResponse<byte[]> answer = client.define(coupon);
        if (answer.statusCode() != 201) {
            throw new StartFailure("the sale could not be opened: " + answer.statusCode() + " "
                    + new String(answer.body(), UTF_8));
        }
    }

    private SaleResult rush() throws InterruptedException {
        Instant start = CLOCK.instant();
        List<Future<UserStory>> stories = new ArrayList<>();
        try (var users = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 1; i <= plan.users(); i++) {
                UserId user = new UserId(plan.crowd() + "-" + i);
                stories.add(users.submit(() -> claimUntilAnswered(user, "first")));
                if (i <= plan.impatient()) {
                    stories.add(users.submit(() -> claimUntilAnswered(user, "second")));
                }
            }
        }
        Duration took = Duration.between(start, CLOCK.instant());
        return new SaleResult(plan, stories.stream().map(FlashSale::told).toList(), took);
    }

    private static UserStory told(Future<UserStory> story) {
        try {
            return story.get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException("a user's thread failed", e);
        }
    }

    private UserStory claimUntilAnswered(UserId user, String press) throws InterruptedException {
        var requestId = new RequestId(plan.couponId() + "_" + user + "_" + press);
        List<Answer> answers = new ArrayList<>();
        line.acquire();
        Instant pressed = CLOCK.instant();
        try {
            do {
                answers.add(claimOnce(user, requestId));
            } while (!isFinal(answers.getLast()) && pauseBeforeRetry(pressed));
        } finally {
            line.release();
            oneAnswered.run();
        }
        return new UserStory(answers, Duration.between(pressed, CLOCK.instant()));
    }

    private Answer claimOnce(UserId user, RequestId requestId) throws InterruptedException {
        Instant sent = CLOCK.instant();
        Reply reply = reply(user, requestId);
        return new Answer(requestId, plan.couponId(), user, reply, sent, CLOCK.instant());
    }

    private Reply reply(UserId user, RequestId requestId) throws InterruptedException {
        try {
            return Replies.read(requestId, client.claim(plan.couponId(), user, requestId));
        } catch (IOException e) {
            // Nothing is known of the request: it may or may not stand in the log. The same id makes asking again safe.
            return Reply.uncertain(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    private static boolean isFinal(Answer answer) {
        return answer.reply() instanceof Reply.Issued || answer.reply() instanceof Reply.Rejected;
    }

    /** Spreads the retries, so that those who were sent away do not come back as one wave. */
    private boolean pauseBeforeRetry(Instant pressed) throws InterruptedException {
        long mean = plan.pause().toMillis();
        Thread.sleep(Duration.ofMillis(ThreadLocalRandom.current().nextLong(mean / 2, mean * 3 / 2)));
        return Duration.between(pressed, CLOCK.instant()).compareTo(PATIENCE) < 0;
    }

    /**
     * What came of one press of the button.
     *
     * @param answers in order; the last one is final unless patience ran out
     * @param toVerdict from pressing the button to the last answer
     */
    public record UserStory(List<Answer> answers, Duration toVerdict) {

        public UserStory {
            answers = List.copyOf(answers);
        }

        RequestId requestId() {
            return answers.getLast().requestId();
        }

        Reply verdict() {
            return answers.getLast().reply();
        }
    }

    /**
     * What came of the whole sale.
     *
     * @param took from the first press to the last answer
     */
    public record SaleResult(SalePlan plan, List<UserStory> stories, Duration took) {

        /** Every answer that any of them got, the preliminary ones too. */
        public List<Answer> answers() {
            return stories.stream().flatMap(story -> story.answers().stream()).toList();
        }

        /** The last answer of each press. */
        public List<Reply> verdicts() {
            return stories.stream().map(UserStory::verdict).toList();
        }

        /** How many users were told that they have a coupon. */
        long wins() {
            return stories.stream().filter(story -> story.verdict() instanceof Reply.Issued).count();
        }

        /** The time within which {@code share} of all users had their verdict. */
        Optional<Duration> latency(double share) {
            List<Duration> sorted = stories.stream().map(UserStory::toVerdict).sorted().toList();
            int rank = (int) Math.ceil(share * sorted.size()) - 1;
            return sorted.isEmpty() ? Optional.empty() : Optional.of(sorted.get(Math.max(0, rank)));
        }
    }
}
