package io.firstcome.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

import com.fasterxml.jackson.databind.JsonNode;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.contract.json.Json;
import io.firstcome.kit.http.ProblemType;
import io.firstcome.standalone.evidence.StackEvidence;
import io.firstcome.standalone.stack.Endpoints;
import io.firstcome.testkit.evidence.Answer;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.evidence.Reply;
import io.firstcome.testkit.guarantee.Guarantees;

/** Users claim a coupon at the same time, some of their coupons are revoked meanwhile, and they claim again. */
@ExtendWith(SharedStack.class)
@ResourceLock(value = SharedStack.LOCK, mode = ResourceAccessMode.READ)
class RevocationRushTest {

    private static final int STOCK = 50;
    private static final int USERS = 500;
    private static final int LATE_USERS = 100;
    /** Of the coupon with a limit of two: they hold up to 40 of the stock, and others claim the rest. */
    private static final int COLLECTORS = 20;
    /** The coupon of every fifth user is revoked. */
    private static final int REVOKED_USERS = 5;
    private static final Duration RETRY_DELAY = Duration.ofMillis(100);
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final Clock CLOCK = Clock.systemUTC();

    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Semaphore connections = new Semaphore(100);
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final Queue<Reply> repliesAfterRevocation = new ConcurrentLinkedQueue<>();
    private CouponId coupon;

    @AfterEach
    void closeClient() {
        client.close();
    }

    @Test
    void shouldGiveRevokedPlacesToOtherClaims(Endpoints endpoints) throws Exception {
        // given
        define(endpoints, new CouponId("revocation-rush"), 1);

        // when
        concurrently(1, USERS, user -> claimAndLose(endpoints, user));

        // then
        Evidence rush = new StackEvidence(endpoints).of(coupon, List.copyOf(answers));
        Guarantees.assertAllChecked(rush);
        assertThat(state(rush).revoked()).isPositive().isEqualTo(repliesAfterRevocation.size());
        assertThat(repliesAfterRevocation).allMatch(Reply.rejected(RejectionReason.REVOKED)::equals);

        // when
        concurrently(USERS + 1, USERS + LATE_USERS, user -> claimUntilAnswered(endpoints, user, "first"));

        // then
        Evidence all = new StackEvidence(endpoints).of(coupon, List.copyOf(answers));
        Guarantees.assertAllChecked(all);
        assertThat(state(all).held()).isEqualTo(STOCK);
        assertThat(state(all).issued()).isEqualTo(STOCK + state(all).revoked());
    }

    @Test
    void shouldCountTheCouponsOfEachUser(Endpoints endpoints) throws Exception {
        // given
        define(endpoints, new CouponId("rush-for-two"), 2);

        // when
        concurrently(1, COLLECTORS, user -> collectAndLoseOne(endpoints, user));
        concurrently(COLLECTORS + 1, 2 * COLLECTORS, user -> Stream.of("first", "second", "third")
                .forEach(attempt -> claimUntilAnswered(endpoints, user, attempt)));

        // then
        Evidence all = new StackEvidence(endpoints).of(coupon, List.copyOf(answers));
        Guarantees.assertAllChecked(all);
        assertThat(state(all).held()).isEqualTo(STOCK);
        assertThat(state(all).revoked()).isEqualTo(COLLECTORS / REVOKED_USERS);
    }

    /** Claims until the limit is reached. A coupon that is revoked then leaves room for another one. */
    private void collectAndLoseOne(Endpoints endpoints, int user) {
        List<Long> held = new ArrayList<>(List.of(collect(endpoints, user, "first"),
                collect(endpoints, user, "second")));
        assertThat(claimUntilAnswered(endpoints, user, "third")).isEqualTo(Reply.limitReached(held));
        if (user % REVOKED_USERS == 0) {
            revoke(endpoints, user, "?sequence=" + held.removeFirst());
            held.add(collect(endpoints, user, "fourth"));
            assertThat(claimUntilAnswered(endpoints, user, "fifth")).isEqualTo(Reply.limitReached(held));
        }
    }

    private long collect(Endpoints endpoints, int user, String attempt) {
        return ((Reply.Issued) claimUntilAnswered(endpoints, user, attempt)).sequence();
    }

    /** A user who was too late or whose coupon was revoked claims once more. */
    private void claimAndLose(Endpoints endpoints, int user) {
        Reply reply = claimUntilAnswered(endpoints, user, "first");
        boolean isHeld = reply instanceof Reply.Issued;
        if (isHeld && user % REVOKED_USERS == 0) {
            revoke(endpoints, user, "");
            repliesAfterRevocation.add(claimUntilAnswered(endpoints, user, "first"));
            isHeld = false;
        }
        if (!isHeld) {
            claimUntilAnswered(endpoints, user, "second");
        }
    }

    private void define(Endpoints endpoints, CouponId defined, int perUser) throws IOException, InterruptedException {
        coupon = defined;
        Instant now = CLOCK.instant().truncatedTo(ChronoUnit.MILLIS);
        HttpResponse<byte[]> response = client.send(
                operator(endpoints, "").PUT(BodyPublishers.ofString("""
                        {"name":"Rush","stock":%d,"opensAt":"%s","closesAt":"%s","perUser":%d,"reclaim":true}"""
                        .formatted(STOCK, now.minusSeconds(60), now.plusSeconds(3600), perUser)))
                        .build(),
                BodyHandlers.ofByteArray());
        assertThat(response.statusCode()).as(new String(response.body(), UTF_8)).isEqualTo(201);
    }

    /** An operator repeats the request under the same key while its outcome is unknown. */
    private void revoke(Endpoints endpoints, int user, String query) {
        HttpRequest request = operator(endpoints, "/issues/" + userId(user) + query)
                .header("Idempotency-Key", coupon + "-revoke-" + user).DELETE().build();
        HttpResponse<byte[]> response = repeat(() -> client.send(request, BodyHandlers.ofByteArray()),
                answer -> answer.statusCode() != 503);
        assertThat(response.statusCode()).as(new String(response.body(), UTF_8)).isEqualTo(200);
    }

    private HttpRequest.Builder operator(Endpoints endpoints, String path) {
        return HttpRequest.newBuilder(URI.create(endpoints.admin() + "/v1/coupons/" + coupon + path))
                .header("Authorization", "Bearer " + endpoints.adminToken()).header("Content-Type", "application/json")
                .timeout(TIMEOUT);
    }

    private Reply claimUntilAnswered(Endpoints endpoints, int user, String attempt) {
        return repeat(() -> claim(endpoints, user, attempt),
                reply -> reply instanceof Reply.Issued || reply instanceof Reply.Rejected);
    }

    private static <T> T repeat(Callable<T> request, Predicate<T> isAnswer) {
        return await().pollInSameThread().pollDelay(Duration.ZERO).pollInterval(RETRY_DELAY).atMost(TIMEOUT)
                .until(request, isAnswer);
    }

    private Reply claim(Endpoints endpoints, int user, String attempt) throws InterruptedException {
        var request = new RequestId(coupon + "-" + user + "-" + attempt);
        HttpRequest claim = HttpRequest.newBuilder(URI.create(endpoints.http() + "/v1/coupons/" + coupon + "/issues"))
                .header("Content-Type", "application/json").header("Prefer", "wait=10")
                .header("Idempotency-Key", request.value()).timeout(TIMEOUT)
                .POST(BodyPublishers.ofString("{\"userId\":\"" + userId(user) + "\"}")).build();
        connections.acquire();
        Instant sent = CLOCK.instant();
        Reply reply;
        try {
            reply = reply(request, client.send(claim, BodyHandlers.ofByteArray()));
        } catch (IOException e) {
            reply = Reply.uncertain(e.toString());
        } finally {
            connections.release();
        }
        answers.add(new Answer(request, coupon, userId(user), reply, sent, CLOCK.instant()));
        return reply;
    }

    private static Reply reply(RequestId sent, HttpResponse<byte[]> response) {
        JsonNode body = Json.read(response.body(), JsonNode.class);
        return switch (response.statusCode()) {
            case 201 -> body.path("requestId").asText().equals(sent.value())
                    ? Reply.issued(body.path("sequence").longValue())
                    : new Reply.Rejected(RejectionReason.ALREADY_ISSUED, List.of(body.path("sequence").longValue()));
            case 202 -> body.path("requestId").asText().equals(sent.value())
                    ? Reply.accepted()
                    : new Reply.InFlight(new RequestId(body.path("requestId").asText()));
            default -> {
                String problem = body.path("type").asText().replace(ProblemType.URI_PREFIX, "");
                String name = problem.toUpperCase(Locale.ROOT).replace('-', '_');
                List<Long> held = Stream.concat(body.path("sequences").valueStream(),
                        Stream.of(body.path("sequence")).filter(JsonNode::isNumber)).map(JsonNode::longValue).toList();
                yield Arrays.stream(RejectionReason.values()).filter(reason -> reason.name().equals(name)).findFirst()
                        .<Reply>map(reason -> new Reply.Rejected(reason, held))
                        .orElseGet(() -> Reply.uncertain(response.statusCode() + " " + problem));
            }
        };
    }

    private static void concurrently(int first, int last, IntConsumer actions) throws InterruptedException {
        List<Future<?>> users = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.rangeClosed(first, last).forEach(user -> users.add(threads.submit(() -> actions.accept(user))));
        }
        for (Future<?> user : users) {
            try {
                user.get();
            } catch (ExecutionException e) {
                throw new AssertionError("a user's thread failed", e);
            }
        }
    }

    private CouponState state(Evidence evidence) {
        return evidence.log().states().orElseThrow().get(coupon);
    }

    private static UserId userId(int user) {
        return new UserId("rush-" + user);
    }
}
