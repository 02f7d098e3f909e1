package io.firstcome.ingress.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.gate.projection.HolderSource.Holder;
import io.firstcome.gate.projection.HolderSource.HolderPage;
import io.firstcome.readmodel.coupons.CouponHolders;
import io.firstcome.readmodel.coupons.CouponRegistry;
import io.firstcome.testing.Campaign;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

class SoldOutMemoryTest {

    private static final UserId LOSER = new UserId("loser");

    private final AtomicLong nanos = new AtomicLong();
    private final Campaign campaign = Campaign.openForLong();
    private final CouponState soldOut = campaign.state(1, 2, 2);
    private final CouponRegistry registry = new CouponRegistry(_ -> {});
    private final CouponHolders holders = new CouponHolders(1000);
    private final List<HolderPage> pages = new ArrayList<>();
    private final HolderFill fill = new HolderFill(registry, holders,
            (_, _) -> CompletableFuture.completedFuture(pages.removeFirst()), InstantSource.system(),
            new SimpleMeterRegistry());
    private final SoldOutMemory memory = new SoldOutMemory(holders, fill, Duration.ofSeconds(10), nanos::get);

    @AfterEach
    void stop() {
        fill.close();
    }

    @Test
    void shouldRejectAKeyOnceNoReservationIsLeft() {
        // given
        issueAll();
        boolean before = memory.mayReject(soldOut, LOSER, true);

        // when
        memory.settled(soldOut);

        // then
        assertThat(before).isFalse();
        assertThat(memory.mayReject(soldOut, LOSER, true)).isTrue();
        assertThat(memory.mayReject(soldOut, new UserId("u1"), true)).isFalse();
        assertThat(memory.mayReject(campaign.state(2, 2, 2), LOSER, true)).as("a later version").isFalse();
    }

    @Test
    void shouldRejectAKeyAfterTheLongestSending() {
        // given
        issueAll();
        memory.mayReject(soldOut, LOSER, true);

        // when
        nanos.addAndGet(Duration.ofSeconds(11).toNanos());

        // then
        assertThat(memory.mayReject(soldOut, LOSER, true)).isTrue();
    }

    @Test
    void shouldRejectAClaimWithoutAKeyAtOnce() {
        // when
        issueAll();

        // then
        assertThat(memory.mayReject(soldOut, LOSER, false)).isTrue();
        assertThat(memory.mayReject(soldOut, new UserId("u2"), false)).isFalse();
    }

    @Test
    void shouldReadMissingHoldersFromTheAuthority() {
        // given
        registry.apply(soldOut);
        pages.add(new HolderPage(List.of(holder("u1", 1)), Optional.of(new UserId("u1"))));
        pages.add(new HolderPage(List.of(holder("u2", 2)), Optional.empty()));

        // when
        boolean before = memory.mayReject(soldOut, LOSER, false);

        // then
        assertThat(before).isFalse();
        await().until(() -> memory.mayReject(soldOut, LOSER, false));
        assertThat(memory.mayReject(soldOut, new UserId("u1"), false)).isFalse();
        assertThat(memory.mayReject(soldOut, new UserId("u2"), false)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', value = {"{\"userId\":\"u1\"}|u1",
        " { \"userId\" : \"u-1_x\" }|u-1_x"})
    void shouldReadThePlainBody(String body, String user) {
        // when
        String read = SoldOutAnswers.userOf(bytes(body));

        // then
        assertThat(read).isEqualTo(user);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{}", "{\"userId\":\"u1\"", "{\"userId\":\"", "{\"userId\":\"u1", "{\"userId\":\"u1\"}x",
                "{\"userId\":\"\\u0041\"}", "{\"userId\":\"ä\"}", "{\"userId\":1}", "{\"userId\":\"u1\",\"a\":1}",
                "{\"userid\":\"u1\"}", "[{\"userId\":\"u1\"}]", "{\"userId\":\"u 1\"}", "null"})
    void shouldLeaveOtherBodiesToTheRoute(String body) {
        // when
        String read = SoldOutAnswers.userOf(bytes(body));

        // then
        assertThat(read).isNull();
    }

    private static ByteBuffer bytes(String body) {
        return ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8));
    }

    private void issueAll() {
        holders.apply(campaign.issued("r1", "u1", 1));
        holders.apply(campaign.issued("r2", "u2", 2));
    }

    private static Holder holder(String user, long sequence) {
        return new Holder(new UserId(user), sequence, new RequestId("r" + sequence), Instant.EPOCH);
    }
}
