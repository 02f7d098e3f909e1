package io.firstcome.processor.topology;

import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.couponId;
import static io.firstcome.testkit.fixture.CouponFixture.requestId;
import static io.firstcome.testkit.fixture.CouponFixture.userId;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.UserId;
import io.firstcome.processor.issuance.Holding;
import io.firstcome.processor.issuance.Holdings;
import io.firstcome.processor.topology.CouponStoreView.Holder;
import io.firstcome.processor.topology.CouponStoreView.HolderPage;

class CouponStoreViewTest {

    private static final int LIMIT = 3;
    private static final CouponId A = couponId("a");

    private final TopologyRun run = new TopologyRun();
    private final KeyValueStore<String, Holdings> issuedUsers = run.store(CouponTopology.ISSUED_USERS);
    private final CouponStoreView view = new CouponStoreView(run.store(CouponTopology.COUPONS),
            run.store(CouponTopology.ISSUED_COUNTS), issuedUsers);

    @AfterEach
    void close() {
        run.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, LIMIT, LIMIT + 1, 100})
    void shouldPageOverEveryHolderOnce(int count) {
        // given
        List<String> users = IntStream.range(0, count).mapToObj(i -> String.format("u%03d", i)).toList();
        users.forEach(user -> givenHolder(A, user));

        // when
        List<String> read = new ArrayList<>();
        Optional<UserId> after = Optional.empty();
        for (List<Holder> page = view.page(A, after, LIMIT).holders(); !page.isEmpty(); page = view.page(A, after,
                LIMIT).holders()) {
            assertThat(page).hasSizeLessThanOrEqualTo(LIMIT);
            page.forEach(holder -> read.add(holder.userId().value()));
            after = Optional.of(page.getLast().userId());
        }

        // then
        assertThat(read).isEqualTo(users);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a-", "a0", "a_", "aa", "-", "0", "_", "A", "z", "zz"})
    void shouldKeepCouponsWithCommonPrefixesApart(String coupon) {
        // given
        Stream.of("a", "a-", "a0", "a_", "aa", "-", "0", "_", "A", "z", "zz")
                .forEach(each -> givenHolder(couponId(each), "of" + each));

        // when
        List<Holder> holders = view.holders(couponId(coupon), Optional.empty(), 100);

        // then
        assertThat(holders).extracting(Holder::userId).containsExactly(userId("of" + coupon));
    }

    @Test
    void shouldOrderUsersByTheirBytes() {
        // given
        List<String> users = List.of("-", "0", "A", "_", "u", "u-", "u--", "u0", "u1", "u10", "uA", "u_", "ua", "z");
        users.reversed().forEach(user -> givenHolder(A, user));

        // when
        List<List<String>> pages = users.stream().map(user -> view.page(A, Optional.of(userId(user)), 100).holders()
                .stream().map(holder -> holder.userId().value()).toList()).toList();

        // then
        assertThat(pages).isEqualTo(
                IntStream.range(0, users.size()).mapToObj(i -> users.subList(i + 1, users.size())).toList());
    }

    @Test
    void shouldContinueAfterAUserWhoHoldsNothing() {
        // given
        givenHolder(A, "u1");
        givenHolder(A, "u3");

        // when
        List<Holder> holders = view.page(A, Optional.of(userId("u2")), LIMIT).holders();

        // then
        assertThat(holders).containsExactly(new Holder(userId("u3"), holdings("u3")));
    }

    /** Users may have many issues, and a page must not grow with them. */
    @Test
    void shouldEndAPageWithTheUserWhoCompletesIt() {
        // given
        for (String user : List.of("u1", "u2", "u3", "u4")) {
            issuedUsers.put(CouponStoreView.holderKey(A, userId(user)), new Holdings(Stream.of(1, 2, 3)
                    .map(nth -> new Holding(requestId(user + "-" + nth), nth, at(nth))).toList()));
        }

        // when
        HolderPage first = view.page(A, Optional.empty(), 5);
        HolderPage second = view.page(A, Optional.of(userId("u2")), 6);

        // then
        assertThat(first.holders()).extracting(holder -> holder.userId().value()).containsExactly("u1", "u2");
        assertThat(first.hasMore()).isTrue();
        assertThat(second.holders()).extracting(holder -> holder.userId().value()).containsExactly("u3", "u4");
        assertThat(second.hasMore()).isFalse();
    }

    private void givenHolder(CouponId coupon, String user) {
        issuedUsers.put(CouponStoreView.holderKey(coupon, userId(user)), holdings(user));
    }

    private static Holdings holdings(String user) {
        return new Holdings(List.of(new Holding(requestId("r-" + user), 1, at(1))));
    }
}
