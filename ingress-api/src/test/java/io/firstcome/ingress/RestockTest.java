package io.firstcome.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.firstcome.ingress.testing.IngressExtension;
import io.firstcome.ingress.testing.Reply;
import io.firstcome.ingress.testing.TestIngress;
import io.firstcome.testing.Campaign;

/**
 * What an operator changes through one ingress holds there when it is answered, and at every other as soon as it has been
 * read. Nothing that happens now and then helps: the sweep comes once a day, and nothing has been reserved.
 */
class RestockTest {

    @RegisterExtension
    static final IngressExtension INGRESSES = IngressExtension.shared();

    private static final int CROWD = 20;
    /** One after the other they take a second. Mostly it is none, and a machine that slows the reader slows the claims, too. */
    private static final int CLAIMS_BEFORE_IT_IS_READ = 200;

    private final TestIngress one = INGRESSES.one();
    private final TestIngress two = INGRESSES.two();
    private final String coupon = Campaign.openForLong().id();

    @Test
    void shouldReopenASoldOutCouponAtEveryIngress() {
        // given
        one.define(coupon, 1);
        assertThat(one.claim(coupon, "u1", "Prefer", "wait=30").status()).isEqualTo(201);
        both().forEach(ingress -> awaitRefusalFromMemory(ingress, "409 sold-out"));

        // when
        one.define(coupon, 1000);

        // then
        assertReopens(one, two, "409 sold-out");
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
        assertReopens(two, one, "409 paused");
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

    private Stream<TestIngress> both() {
        return Stream.of(one, two);
    }

    private void awaitRefusalFromMemory(TestIngress ingress, String problem) {
        await().until(() -> ingress.claim(coupon, "too-late").problem().equals(problem));
        double asked = ingress.metric("firstcome_gate_replies_total");
        IntStream.range(0, CROWD)
                .forEach(i -> assertThat(ingress.claim(coupon, "too-late-" + i).problem()).isEqualTo(problem));
        assertThat(ingress.metric("firstcome_gate_replies_total")).isEqualTo(asked);
    }

    /** @param commanded where the operator was answered: it has read of the change */
    private void assertReopens(TestIngress commanded, TestIngress other, String before) {
        List<CompletableFuture<Reply>> here = claims(commanded, "here");
        claimUntilIssued(other, before, false);
        claimUntilIssued(other, before, true);
        assertThat(answers(here)).containsOnly("201 ");
        assertThat(answers(claims(other, "there"))).containsOnly("201 ");
    }

    /** Under a new name and key each time. */
    private void claimUntilIssued(TestIngress ingress, String refusal, boolean named) {
        int refused = 0;
        while (!isIssued(ingress, (named ? "named-" : "unnamed-") + refused, refusal, named)) {
            assertThat(++refused).as("claims refused by what held before").isLessThan(CLAIMS_BEFORE_IT_IS_READ);
        }
    }

    private boolean isIssued(TestIngress ingress, String user, String refusal, boolean named) {
        Reply reply = ingress.claim(coupon, user, waiting(user, named));
        assertThat(reply.problem()).isIn("201 ", refusal);
        return reply.status() == 201;
    }

    /** With a key and without: the gate may not have heard of the change yet, and must not refuse by what it knows. */
    private List<CompletableFuture<Reply>> claims(TestIngress ingress, String name) {
        return IntStream.range(0, 2 * CROWD)
                .mapToObj(i -> ingress.claimAsync(coupon, name + i, waiting(name + i, i % 2 == 0))).toList();
    }

    private String[] waiting(String user, boolean named) {
        return named
                ? new String[]{"Prefer", "wait=30", "Idempotency-Key", coupon + "-" + user}
                : new String[]{"Prefer", "wait=30"};
    }

    private static List<String> answers(List<CompletableFuture<Reply>> replies) {
        return replies.stream().map(CompletableFuture::join).map(Reply::problem).toList();
    }
}
