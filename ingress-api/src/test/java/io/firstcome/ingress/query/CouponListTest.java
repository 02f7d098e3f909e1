package io.firstcome.ingress.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.StreamSupport;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.firstcome.contract.CouponStatus;
import io.firstcome.ingress.testing.IngressExtension;
import io.firstcome.ingress.testing.Reply;
import io.firstcome.ingress.testing.TestIngress;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.LogWriter;

/** The list also contains the coupons of other tests. */
@ResourceLock(IngressExtension.SHARED_INGRESSES)
class CouponListTest {

    @RegisterExtension
    static final IngressExtension INGRESSES = IngressExtension.shared();

    private static LogWriter log;

    private final TestIngress ingress = INGRESSES.one();
    private final long seed = Long.getLong("firstcome.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @BeforeAll
    static void start() {
        log = new LogWriter();
    }

    @AfterAll
    static void stop() {
        log.close();
    }

    @Test
    void shouldPageWithoutLossOrRepetition() {
        // given
        List<String> before = random.ints(30).mapToObj(i -> defined()).toList();
        awaitKnown(before.getLast());

        // when
        List<String> seen = new ArrayList<>();
        String target = "/v1/coupons?limit=" + (1 + random.nextInt(9));
        while (!target.isEmpty()) {
            Reply page = ingress.get(target);
            seen.addAll(ids(page));
            target = next(page);
            awaitKnown(defined());
        }

        // then
        assertThat(seen).as("seed %d", seed).isSorted().doesNotHaveDuplicates().containsAll(before);
    }

    @Test
    void shouldShowEveryCouponLikeTheSingleCoupon() {
        // given
        String coupon = defined();
        awaitKnown(coupon);

        // then: the coupons of other tests may change between two answers
        await().untilAsserted(() -> {
            Reply list = ingress.get("/v1/coupons?limit=100&status=ACTIVE");
            assertThat(list.status()).isEqualTo(200);
            for (var shown : list.json().path("coupons")) {
                assertThat(shown).isEqualTo(ingress.get("/v1/coupons/" + shown.path("couponId").asText()).json());
            }
        });
    }

    @Test
    void shouldListTheCouponsOfOneStatus() {
        // given
        String paused = defined(CouponStatus.PAUSED);
        String closed = defined(CouponStatus.CLOSED);
        awaitKnown(paused);
        awaitKnown(closed);

        // when
        List<String> found = new ArrayList<>();
        String target = "/v1/coupons?status=PAUSED&limit=1";
        while (!target.isEmpty()) {
            Reply page = ingress.get(target);
            found.addAll(ids(page));
            target = next(page);
        }

        // then
        assertThat(found).contains(paused).doesNotContain(closed);
    }

    @ParameterizedTest
    @CsvSource({"limit=0,limit", "limit=x,limit", "cursor=,cursor", "cursor=YS5i,cursor", "status=OPEN,status",
        "page=2,page"})
    void shouldNameAnInvalidParameter(String query, String field) {
        // when
        Reply refused = ingress.get("/v1/coupons?" + query);

        // then
        assertThat(refused.problem()).isEqualTo("400 invalid-request");
        assertThat(refused.get("field")).isEqualTo(field);
    }

    private String defined() {
        return defined(CouponStatus.ACTIVE);
    }

    /** Defines a coupon with a random id, so that its place in the list is random. */
    private String defined(CouponStatus status) {
        Campaign campaign = Campaign.named("list-" + Long.toUnsignedString(random.nextLong(), 36));
        log.write(campaign.state(1, status, 3, 0));
        return campaign.id();
    }

    private void awaitKnown(String coupon) {
        await().until(() -> ingress.get("/v1/coupons/" + coupon).status() == 200);
    }

    private static List<String> ids(Reply page) {
        return StreamSupport.stream(page.json().path("coupons").spliterator(), false)
                .map(coupon -> coupon.path("couponId").asText()).toList();
    }

    private static String next(Reply page) {
        String link = page.header("Link");
        assertThat(link.contains("cursor=" + page.get("nextCursor"))).isEqualTo(!link.isEmpty());
        return link.isEmpty() ? "" : link.substring(1, link.indexOf('>'));
    }
}
