package io.firstcome.ingress.console;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.contract.json.Json;
import io.firstcome.ingress.console.ClaimAnswer.Answered;
import io.firstcome.ingress.console.RushReport.GuaranteeCheck;
import io.firstcome.ingress.console.RushReport.Result;
import io.firstcome.ingress.console.RushReport.State;
import io.firstcome.ingress.console.RushReport.Waits;
import io.firstcome.ingress.console.RushReport.Winner;
import io.firstcome.kit.http.Requests;
import io.firstcome.kit.logging.LogFields;

/**
 * Many made-up users claim one coupon at the same time. Each claim is a real request to the callers' port of this
 * ingress, so limits, gate and log treat it as any other claim, and it is repeated under its key until its answer is
 * final. Every tenth user sends more claims than the coupon allows one user.
 */
final class Rush {

    static final int MAX_USERS = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(Rush.class);
    /**
     * Beyond this limit per user no user sends more claims than allowed: the rush would become several times larger.
     */
    private static final int MAX_CLAIMS_OF_USER = 4;
    private static final int CONCURRENT_CLAIMS = 200;
    private static final int LISTED_WINNERS = 100;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    /** Longer than the wait for the decision that each claim asks for. */
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(20);
    private static final String WAIT = "wait=10";
    /** After this time a claim is not repeated any more. */
    private static final Duration CLAIM_TIMEOUT = Duration.ofSeconds(60);
    private static final int RETRY_MS = 100;

    private final String id;
    private final CouponId couponId;
    private final int users;
    private final int perUser;
    private final long startVersion;
    private final URI claims;
    private final RushCheck check;
    private final Instant startedAt = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private final Map<RequestId, Answered> answers = new ConcurrentHashMap<>();
    private final Map<String, Integer> retries = new ConcurrentSkipListMap<>();
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger notSent = new AtomicInteger();
    private volatile State state = State.CLAIMING;
    private volatile Long durationMs;
    private volatile List<GuaranteeCheck> guarantees;
    private volatile boolean stopped;
    private volatile boolean abandoned;
    private volatile RushReport finalReport;
    private final Thread thread;

    /**
     * Begins a rush.
     *
     * @param state the coupon before the first claim
     * @param callersPort the base URL of the callers' port
     */
    Rush(CouponState state, int users, String callersPort, RushCheck check) {
        this.id = Long.toString(startedAt.toEpochMilli(), Character.MAX_RADIX);
        this.couponId = state.couponId();
        this.users = users;
        this.perUser = state.definition().perUser();
        this.startVersion = state.version();
        this.claims = URI.create(callersPort + "/v1/coupons/" + couponId + "/issues");
        this.check = check;
        this.thread = Thread.ofVirtual().name("rush").unstarted(this::run);
    }

    void start() {
        LOG.info("rush {}: {} users claim coupon {}", id, users, couponId);
        thread.start();
    }

    boolean isDone() {
        return state == State.DONE;
    }

    /** Sends no more claims. Claims under way get their answers, and the answers are checked. */
    void stop() {
        stopped = true;
    }

    /** Ends the rush without a check, because the ingress stops. */
    void abandon() {
        stopped = true;
        abandoned = true;
        thread.interrupt();
    }

    private int claimsOf(int user) {
        return user % 10 == 0 && perUser < MAX_CLAIMS_OF_USER ? perUser + 1 : 1;
    }

    private int claimCount() {
        return users + (perUser < MAX_CLAIMS_OF_USER ? users / 10 * perUser : 0);
    }

    private void run() {
        try {
            long start = System.nanoTime();
            claimAll();
            durationMs = Duration.ofNanos(System.nanoTime() - start).toMillis();
            state = State.CHECKING;
            guarantees = check.check(couponId, startVersion, answers, sent.get());
        } catch (InterruptedException e) {
            LOG.info("rush {}: was abandoned, because the ingress stops", id);
        } catch (RuntimeException e) {
            LOG.warn("rush {}: failed", id, e);
            guarantees = List.of(GuaranteeCheck.unknown("answers", "Not checked: " + e + "."));
        } finally {
            finalReport = count(State.DONE);
            state = State.DONE;
        }
        RushReport report = finalReport;
        LOG.info("rush {}: {} of {} claims answered, {} issued, result {}", id, report.answered(), report.claims(),
                report.issued(), report.result());
    }

    private void claimAll() throws InterruptedException {
        var permits = new Semaphore(CONCURRENT_CLAIMS);
        try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT).build();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int user = 1; user <= users; user++) {
                for (int nth = 1; nth <= claimsOf(user); nth++) {
                    permits.acquire();
                    if (stopped) {
                        permits.release();
                        notSent.incrementAndGet();
                        continue;
                    }
                    var userId = new UserId("rush-" + id + "-" + user);
                    var requestId = new RequestId(userId + (nth == 1 ? "" : "_" + nth));
                    sent.incrementAndGet();
                    threads.submit(() -> {
                        try {
                            claim(client, userId, requestId);
                        } catch (RuntimeException e) {
                            // A repetition would fail in the same way.
                            LOG.atWarn().addKeyValue(LogFields.REQUEST_ID, requestId)
                                    .addKeyValue(LogFields.COUPON_ID, couponId).setCause(e)
                                    .log("rush {}: a claim failed", id);
                            answers.put(requestId,
                                    new Answered(userId, requestId, new ClaimAnswer.NotFinal("failed: " + e), 0));
                        } finally {
                            permits.release();
                        }
                        return requestId;
                    });
                }
            }
            // The close of the executor waits for the claims under way.
        }
    }

    private void claim(HttpClient client, UserId userId, RequestId requestId) throws InterruptedException {
        long start = System.nanoTime();
        while (true) {
            ClaimAnswer answer = send(client, userId, requestId);
            long waited = System.nanoTime() - start;
            boolean timedOut = abandoned || waited > CLAIM_TIMEOUT.toNanos();
            switch (answer) {
                case ClaimAnswer.NotFinal(String what) when !timedOut -> {
                    retries.merge(what, 1, Integer::sum);
                    Thread.sleep(ThreadLocalRandom.current().nextInt(RETRY_MS / 2, RETRY_MS * 2));
                }
                case ClaimAnswer.NotFinal _,ClaimAnswer.Issued _,ClaimAnswer.Rejected _ -> {
                    answers.put(requestId, new Answered(userId, requestId, answer, waited / 1_000_000));
                    return;
                }
            }
        }
    }

    private ClaimAnswer send(HttpClient client, UserId userId, RequestId requestId) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(claims).timeout(REQUEST_TIMEOUT)
                .header("Content-Type", "application/json").header("Prefer", WAIT)
                .header(Requests.IDEMPOTENCY_KEY, requestId.value())
                .POST(BodyPublishers.ofByteArray(Json.write(Map.of("userId", userId)))).build();
        try {
            HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
            return ClaimAnswer.of(requestId, response.statusCode(), response.body());
        } catch (IOException e) {
            return new ClaimAnswer.NotFinal("no answer (" + e.getClass().getSimpleName() + ")");
        }
    }

    /** How the rush goes at this moment. */
    RushReport report() {
        RushReport last = finalReport;
        return last == null ? count(state) : last;
    }

    private RushReport count(State current) {
        List<Answered> all = List.copyOf(answers.values());
        Map<String, Integer> rejected = new ConcurrentSkipListMap<>();
        int unanswered = 0;
        for (Answered claim : all) {
            switch (claim.answer()) {
                case ClaimAnswer.Rejected(String reason, long _) -> rejected.merge(reason, 1, Integer::sum);
                case ClaimAnswer.NotFinal _ -> unanswered++;
                case ClaimAnswer.Issued _ -> {
                    // Counted below, with the winners.
                }
            }
        }
        List<Answered> issued = all.stream().filter(it -> it.answer() instanceof ClaimAnswer.Issued).toList();
        List<Answered> decided = all.stream().filter(it -> !(it.answer() instanceof ClaimAnswer.NotFinal)).toList();
        List<GuaranteeCheck> checked = guarantees;
        return new RushReport(id, couponId, current, users, claimCount(), startedAt, durationMs,
                all.size() - unanswered, issued.size(), rejected, unanswered, notSent.get(), new TreeMap<>(retries),
                waits(issued), waits(decided), winners(issued), checked, checked == null ? null : overall(checked));
    }

    private static List<Winner> winners(List<Answered> issued) {
        return issued.stream()
                .map(it -> new Winner(it.userId(), it.requestId(), ((ClaimAnswer.Issued) it.answer()).sequence(),
                        it.waitMs()))
                .sorted(Comparator.comparingLong(Winner::sequence)).limit(LISTED_WINNERS).toList();
    }

    /** Null for no claims. */
    private static Waits waits(List<Answered> claims) {
        long[] sorted = claims.stream().mapToLong(Answered::waitMs).sorted().toArray();
        return sorted.length == 0
                ? null
                : new Waits(quantile(sorted, 0.5), quantile(sorted, 0.99), sorted[sorted.length - 1]);
    }

    private static long quantile(long[] sorted, double quantile) {
        return sorted[Math.max(0, (int) Math.ceil(quantile * sorted.length) - 1)];
    }

    private static Result overall(List<GuaranteeCheck> checks) {
        if (checks.stream().anyMatch(it -> it.result() == Result.FAIL)) {
            return Result.FAIL;
        }
        return checks.stream().allMatch(it -> it.result() == Result.PASS) ? Result.PASS : Result.UNKNOWN;
    }
}
