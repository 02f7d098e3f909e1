package io.firstcome.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;

import io.firstcome.ingress.testing.IngressExtension;
import io.firstcome.ingress.testing.Reply;
import io.firstcome.ingress.testing.TestIngress;
import io.firstcome.testing.Campaign;

/**
 * A change by an operator is valid at the answering ingress when the answer is sent, and at every other ingress as soon
 * as that ingress has read the change. Nothing else ends the earlier rejections: no periodic task reads coupons again,
 * and there are no reservations that could expire.
 */
@ResourceLock(IngressExtension.SHARED_INGRESSES)
class RestockTest {

    @RegisterExtension
    static final IngressExtension INGRESSES = IngressExtension.shared();

    private static final int CLAIMS = 20;
    /**
     * An upper bound: the claims are sent one after the other, so they take about a second. In most runs no claim is
     * rejected. A slow machine slows both the reader and the claims.
     */
    private static final int MAX_CLAIMS_BEFORE_THE_CHANGE = 200;

    private final TestIngress one = INGRESSES.one();
    private final TestIngress two = INGRESSES.two();
    private final String coupon = Campaign.openForLong().id();

    @Test
    void shouldReopenASoldOutCouponAtEveryIngress() {
        // given
        one.define(coupon, 1);
        assertThat(one.claim(coupon, "u1", "Prefer", "wait=30").status()).isEqualTo(201);
        both().forEach(ingress -> awaitLocalRejection(ingress, "409 sold-out"));

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
        both().forEach(ingress -> awaitLocalRejection(ingress, "409 paused"));

        // when
        two.admin("POST", coupon + "/resume", "");

        // then
        assertReopens(two, one, "409 paused");
    }

    @Test
    void shouldRejectAtEveryIngressAfterTheClosing() {
        // given
        one.define(coupon, 1000);

        // when
        two.admin("POST", coupon + "/close", "");

        // then
        both().forEach(ingress -> awaitLocalRejection(ingress, "410 ended"));
    }

    @Test
    void shouldReopenAtEveryIngressAfterARevocation() {
        // given
        one.define(coupon, 2);
        assertThat(one.claim(coupon, "u1", "Prefer", "wait=30").status()).isEqualTo(201);
        assertThat(one.claim(coupon, "u2", "Prefer", "wait=30").status()).isEqualTo(201);
        both().forEach(ingress -> awaitLocalRejection(ingress, "409 sold-out"));

        // when
        revoke("u1");

        // then
        assertThat(one.claim(coupon, "here", "Prefer", "wait=30").problem()).isEqualTo("201 ");
        both().forEach(ingress -> awaitLocalRejection(ingress, "409 sold-out"));

        // when
        revoke("u2");

        // then
        claimUntilIssued(two, "409 sold-out", true);
    }

    private void revoke(String user) {
        assertThat(one.admin("DELETE", coupon + "/issues/" + user, "").status()).isEqualTo(200);
    }

    @Test
    void shouldReopenForHoldersAtEveryIngressWhenTheirLimitIsRaised() {
        // given
        one.define(coupon, 1000);
        holders().forEach(user -> {
            assertThat(one.claim(coupon, user, "Prefer", "wait=30").status()).isEqualTo(201);
            both().forEach(ingress -> await().until(
                    () -> ingress.claim(coupon, user, "Prefer", "wait=30").problem().equals("409 already-issued")));
        });

        // when
        Reply raised = one.admin("PUT", coupon, """
                {"name":"Coffee","stock":1000,"opensAt":"2026-01-01T00:00:00Z",
                 "closesAt":"2096-01-01T00:00:00Z","perUser":2}""");

        // then
        assertThat(raised.status()).isEqualTo(200);
        holders().limit(CLAIMS).forEach(user -> assertThat(
                one.claim(coupon, user, "Prefer", "wait=30").problem()).as(user).isEqualTo("201 "));
        holders().skip(CLAIMS).forEach(this::claimAgainAtTheOtherIngress);
    }

    private Stream<String> holders() {
        return IntStream.range(0, CLAIMS + 3).mapToObj(i -> "holder-" + i);
    }

    private void claimAgainAtTheOtherIngress(String user) {
        int refused = 0;
        Reply reply = two.claim(coupon, user, "Prefer", "wait=30");
        while (reply.status() != 201) {
            assertThat(reply.problem()).isEqualTo("409 already-issued");
            assertThat(++refused).as("claims rejected because of the old limit")
                    .isLessThan(MAX_CLAIMS_BEFORE_THE_CHANGE);
            reply = two.claim(coupon, user, "Prefer", "wait=30");
        }
    }

    private Stream<TestIngress> both() {
        return Stream.of(one, two);
    }

    private void awaitLocalRejection(TestIngress ingress, String problem) {
        await().until(() -> ingress.claim(coupon, "too-late").problem().equals(problem));
        double gateReplies = ingress.metric("firstcome_gate_replies_total");
        IntStream.range(0, CLAIMS)
                .forEach(i -> assertThat(ingress.claim(coupon, "too-late-" + i).problem()).isEqualTo(problem));
        assertThat(ingress.metric("firstcome_gate_replies_total")).isEqualTo(gateReplies);
    }

    /** @param commanded the ingress that answered the operator and so has read the change */
    private void assertReopens(TestIngress commanded, TestIngress other, String before) {
        List<CompletableFuture<Reply>> here = claims(commanded, "here");
        claimUntilIssued(other, before, false);
        claimUntilIssued(other, before, true);
        assertThat(answers(here)).containsOnly("201 ");
        assertThat(answers(claims(other, "there"))).containsOnly("201 ");
    }

    /** Claims with a new user and key each time. */
    private void claimUntilIssued(TestIngress ingress, String rejection, boolean named) {
        int refused = 0;
        while (!isIssued(ingress, (named ? "named-" : "unnamed-") + refused, rejection, named)) {
            assertThat(++refused).as("claims rejected because of the old state")
                    .isLessThan(MAX_CLAIMS_BEFORE_THE_CHANGE);
        }
    }

    private boolean isIssued(TestIngress ingress, String user, String rejection, boolean named) {
        Reply reply = ingress.claim(coupon, user, waiting(user, named));
        assertThat(reply.problem()).isIn("201 ", rejection);
        return reply.status() == 201;
    }

    /**
     * Claims with and without a key. The gate may be behind the change and must not reject because of the old state.
     */
    private List<CompletableFuture<Reply>> claims(TestIngress ingress, String name) {
        return IntStream.range(0, 2 * CLAIMS)
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
