package io.firstcome.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.firstcome.ingress.testing.Campaign;
import io.firstcome.ingress.testing.RedisServer;
import io.firstcome.ingress.testing.Reply;
import io.firstcome.ingress.testing.Servers;
import io.firstcome.ingress.testing.TestIngress;

/** What an operator changes through one ingress holds at every ingress as soon as it has been read there. */
@ExtendWith(Servers.class)
class RestockTest {

    @RegisterExtension
    static final RedisServer REDIS = new RedisServer();

    private static final int CROWD = 20;

    private static TestIngress one;
    private static TestIngress two;

    private final String coupon = Campaign.openForLong().id();

    @BeforeAll
    static void start() {
        one = TestIngress.on(REDIS);
        two = TestIngress.on(REDIS);
    }

    @AfterAll
    static void stop() {
        one.close();
        two.close();
    }

    @Test
    void shouldReopenASoldOutCouponAtEveryIngress() {
        // given
        one.define(coupon, 1);
        assertThat(one.claim(coupon, "u1", "Prefer", "wait=30").status()).isEqualTo(201);
        both().forEach(ingress -> awaitRefusalFromMemory(ingress, "409 sold-out"));

        // when
        one.define(coupon, 1000);

        // then
        both().forEach(ingress -> await()
                .until(() -> ingress.get("/v1/coupons/" + coupon).get("stock").equals("1000")));
        assertThat(claimsAtBoth()).extracting(Reply::problem).containsOnly("201 ");
    }

    @Test
    void shouldResumeAPausedCouponAtEveryIngress() {
        // given
        one.define(coupon, 1000);
        one.admin("POST", coupon + "/pause", "");
        both().forEach(ingress -> awaitRefusalFromMemory(ingress, "409 paused"));

        // when
        two.admin("POST", coupon + "/resume", "");

        // then
        both().forEach(ingress -> await()
                .until(() -> ingress.get("/v1/coupons/" + coupon).get("status").equals("ACTIVE")));
        assertThat(claimsAtBoth()).extracting(Reply::problem).containsOnly("201 ");
    }

    @Test
    void shouldRefuseAtEveryIngressOnceItIsClosed() {
        // given
        one.define(coupon, 1000);

        // when
        two.admin("POST", coupon + "/close", "");

        // then
        both().forEach(ingress -> awaitRefusalFromMemory(ingress, "410 ended"));
    }

    private static Stream<TestIngress> both() {
        return Stream.of(one, two);
    }

    private void awaitRefusalFromMemory(TestIngress ingress, String problem) {
        await().until(() -> ingress.claim(coupon, "too-late").problem().equals(problem));
        double asked = ingress.metric("firstcome_gate_replies_total");
        IntStream.range(0, CROWD)
                .forEach(i -> assertThat(ingress.claim(coupon, "too-late-" + i).problem()).isEqualTo(problem));
        assertThat(ingress.metric("firstcome_gate_replies_total")).isEqualTo(asked);
    }

    /** With a key and without: the gate may not have heard of the change yet, and must not refuse by what it knows. */
    private List<Reply> claimsAtBoth() {
        List<CompletableFuture<Reply>> replies = IntStream.range(0, CROWD).boxed().flatMap(i -> Stream.of(
                one.claimAsync(coupon, "one-" + i, "Prefer", "wait=30"),
                two.claimAsync(coupon, "two-" + i, "Prefer", "wait=30"),
                one.claimAsync(coupon, "three-" + i, "Prefer", "wait=30", "Idempotency-Key", coupon + "-three-" + i),
                two.claimAsync(coupon, "four-" + i, "Prefer", "wait=30", "Idempotency-Key", coupon + "-four-" + i)))
                .toList();
        return replies.stream().map(CompletableFuture::join).toList();
    }
}
