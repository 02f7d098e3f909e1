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

    private static final CouponId COUPON = new CouponId("revocation-rush");
    private static final int STOCK = 50;
    private static final int USERS = 500;
    private static final int LATE_USERS = 100;
    /** The coupon of every fifth user is revoked. */
    private static final int REVOKED_USERS = 5;
    private static final Duration RETRY_DELAY = Duration.ofMillis(100);
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final Clock CLOCK = Clock.systemUTC();

    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Semaphore connections = new Semaphore(100);
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final Queue<Reply> repliesAfterRevocation = new ConcurrentLinkedQueue<>();

    @AfterEach
    void closeClient() {
        client.close();
    }

    @Test
    void shouldGiveRevokedPlacesToOtherClaims(Endpoints endpoints) throws Exception {
        // given
        define(endpoints);

        // when
        concurrently(1, USERS, user -> claimAndLose(endpoints, user));

        // then
        Evidence rush = new StackEvidence(endpoints).of(COUPON, List.copyOf(answers));
        Guarantees.assertAllChecked(rush);
        assertThat(state(rush).revoked()).isPositive().isEqualTo(repliesAfterRevocation.size());
        assertThat(repliesAfterRevocation).allMatch(Reply.rejected(RejectionReason.REVOKED)::equals);

        // when
        concurrently(USERS + 1, USERS + LATE_USERS, user -> claimUntilAnswered(endpoints, user, "first"));

        // then
        Evidence all = new StackEvidence(endpoints).of(COUPON, List.copyOf(answers));
        Guarantees.assertAllChecked(all);
        assertThat(state(all).held()).isEqualTo(STOCK);
        assertThat(state(all).issued()).isEqualTo(STOCK + state(all).revoked());
    }

    /** A user who was too late or whose coupon was revoked claims once more. */
    private void claimAndLose(Endpoints endpoints, int user) {
        Reply reply = claimUntilAnswered(endpoints, user, "first");
        boolean isHeld = reply instanceof Reply.Issued;
        if (isHeld && user % REVOKED_USERS == 0) {
            revoke(endpoints, user);
            repliesAfterRevocation.add(claimUntilAnswered(endpoints, user, "first"));
            isHeld = false;
        }
        if (!isHeld) {
            claimUntilAnswered(endpoints, user, "second");
        }
    }

    private void define(Endpoints endpoints) throws IOException, InterruptedException {
        Instant now = CLOCK.instant().truncatedTo(ChronoUnit.MILLIS);
        HttpResponse<byte[]> response = client.send(
                operator(endpoints, "").PUT(BodyPublishers.ofString("""
                        {"name":"Rush","stock":%d,"opensAt":"%s","closesAt":"%s","perUser":1,"reclaim":true}"""
                        .formatted(STOCK, now.minusSeconds(60), now.plusSeconds(3600))))
                        .build(),
                BodyHandlers.ofByteArray());
        assertThat(response.statusCode()).as(new String(response.body(), UTF_8)).isEqualTo(201);
    }

    /** An operator repeats the request under the same key while its outcome is unknown. */
    private void revoke(Endpoints endpoints, int user) {
        HttpRequest request = operator(endpoints, "/issues/" + userId(user))
                .header("Idempotency-Key", "revoke-" + user).DELETE().build();
        HttpResponse<byte[]> response = repeat(() -> client.send(request, BodyHandlers.ofByteArray()),
                answer -> answer.statusCode() != 503);
        assertThat(response.statusCode()).as(new String(response.body(), UTF_8)).isEqualTo(200);
    }

    private static HttpRequest.Builder operator(Endpoints endpoints, String path) {
        return HttpRequest.newBuilder(URI.create(endpoints.admin() + "/v1/coupons/" + COUPON + path))
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
        var request = new RequestId(userId(user) + "-" + attempt);
        HttpRequest claim = HttpRequest.newBuilder(URI.create(endpoints.http() + "/v1/coupons/" + COUPON + "/issues"))
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
        answers.add(new Answer(request, COUPON, userId(user), reply, sent, CLOCK.instant()));
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
                List<Long> held = body.has("sequence") ? List.of(body.path("sequence").longValue()) : List.of();
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

    private static CouponState state(Evidence evidence) {
        return evidence.log().states().orElseThrow().get(COUPON);
    }

    private static UserId userId(int user) {
        return new UserId("rush-" + user);
    }
}
