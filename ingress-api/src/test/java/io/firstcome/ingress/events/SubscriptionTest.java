package io.firstcome.ingress.events;

import static io.firstcome.contract.RejectionReason.SOLD_OUT;
import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.couponWithStock;
import static io.firstcome.testkit.fixture.OutcomeFixture.issued;
import static io.firstcome.testkit.fixture.OutcomeFixture.rejected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.id.UserId;
import io.firstcome.readmodel.coupons.CouponResponse;
import io.firstcome.readmodel.events.CouponEvent;
import io.firstcome.readmodel.events.EventBuffer;
import io.firstcome.readmodel.events.EventBuffer.Feed;
import io.firstcome.readmodel.events.EventBuffer.Page;
import io.firstcome.readmodel.events.EventBuffers;
import io.firstcome.readmodel.events.EventSettings;
import io.firstcome.readmodel.tail.ConsumedRecord;

class SubscriptionTest {

    private static final Duration MAX_LAG = Duration.ofMinutes(1);

    private final EventBuffers buffers = new EventBuffers(new EventSettings(3, 5, 1, OptionalInt.empty()), coupon -> 0);
    private long offset = 100;

    SubscriptionTest() {
        buffers.startsAt(0, offset);
    }

    @Test
    void shouldEndWhenUnreadEventsAreDropped() throws Exception {
        // given
        var reader = new ByteArrayOutputStream() {
            @Override
            public void flush() {
                // During one round more events arrive than the buffer retains.
                for (int i = 0; i < 4; i++) {
                    read(rejected("r" + i, "u1", SOLD_OUT, at(1)));
                }
            }
        };

        // when
        subscription(reader, Optional.empty(), OptionalLong.empty()).send(MAX_LAG);

        // then
        assertThat(text(reader)).startsWith("id: 99\nevent: state\ndata: {").doesNotContain("rejected");
    }

    @Test
    void shouldSendOnlyTheEventsOfTheUser() {
        // given
        read(issued("r1", "u1", 1, at(1)));
        read(issued("r2", "u2", 2, at(1)));
        var reader = new OneRoundOutput();

        // when
        sendOneRound(reader, Optional.of(new UserId("u2")), 99);

        // then
        assertThat(text(reader)).contains("id: 101\nevent: issued\n").doesNotContain("id: 100");
    }

    @Test
    void shouldNotDisconnectAUserBecauseOfEventsOfOthers() {
        // given
        var reader = new ByteArrayOutputStream() {
            private int rounds;

            @Override
            public void flush() throws IOException {
                if (++rounds > 1) {
                    throw new IOException("connection closed");
                }
                // More than the buffer retains.
                for (int i = 0; i < 4; i++) {
                    read(rejected("r" + i, "u1", SOLD_OUT, at(1)));
                }
                read(issued("r9", "u2", 1, at(1)));
            }
        };

        // when
        assertThatThrownBy(
                () -> subscription(reader, Optional.of(new UserId("u2")), OptionalLong.empty()).send(MAX_LAG))
                .hasMessage("connection closed");

        // then
        assertThat(text(reader)).contains("id: 104\nevent: issued\n").doesNotContain("rejected", "gap");
    }

    @Test
    void shouldNotRepeatEventsForALaterLastEventId() throws Exception {
        // given
        var reader = new ByteArrayOutputStream() {
            private int rounds;

            @Override
            public void flush() throws IOException {
                if (++rounds > 1) {
                    throw new IOException("connection closed");
                }
                for (int i = 0; i < 3; i++) {
                    read(rejected("r" + i, "u1", SOLD_OUT, at(1)));
                }
            }
        };

        // when
        assertThatThrownBy(() -> subscription(reader, Optional.empty(), OptionalLong.of(101)).send(MAX_LAG))
                .hasMessage("connection closed");

        // then
        assertThat(text(reader)).startsWith("id: 101\nevent: state\n").contains("id: 102\nevent: rejected\n")
                .doesNotContain("id: 100", "id: 101\nevent: rejected", "gap");
    }

    @Test
    void shouldReportAGapForAnIdBeyondTheLog() throws Exception {
        // given
        read(rejected("r1", "u1", SOLD_OUT, at(1)));
        var reader = new OneRoundOutput();

        // when
        assertThatThrownBy(() -> subscription(reader, Optional.empty(), OptionalLong.of(500)).send(Duration.ZERO))
                .hasMessage("connection closed");

        // then
        assertThat(text(reader)).startsWith("id: 100\nevent: gap\ndata: {\"from\":500,\"to\":100}\n\n")
                .contains("id: 100\nevent: state\n");
    }

    @Test
    void shouldSendTheIdBeforeTheFirstOutcome() {
        // given
        buffers.startsAt(0, 0);
        var reader = new OneRoundOutput();

        // when
        assertThatThrownBy(() -> subscription(reader, Optional.empty(), OptionalLong.empty()).send(MAX_LAG))
                .hasMessage("connection closed");

        // then
        assertThat(text(reader)).startsWith("id: -1\nevent: state\n");
    }

    @Test
    void shouldReturnEventsAfterAnOffset() {
        // given
        EventBuffer buffer = buffers.get(COUPON);
        Page nothing = buffer.after(99);

        // when
        read(issued("r1", "u1", 1, at(1)));
        read(issued("r2", "u2", 2, at(1)));

        // then
        assertThat(nothing.since()).isEqualTo(99);
        assertThat(nothing.until()).isEqualTo(99);
        assertThat(buffer.after(99).events()).extracting(CouponEvent::id).containsExactly(100L, 101L);
        assertThat(buffer.after(100).events()).extracting(CouponEvent::id).containsExactly(101L);
        assertThat(buffer.after(101).events()).isEmpty();
        assertThat(buffer.after(99).until()).isEqualTo(101);
    }

    @Test
    void shouldShowAUserOnlyNewsForThatUser() throws InterruptedException {
        // given
        read(issued("r1", "u2", 1, at(1)));
        try (Feed feed = buffers.get(COUPON).feed(Optional.of(new UserId("u2")))) {
            List<Long> before = ids(feed.after(99));
            long position = feed.after(99).until();

            // when
            for (int i = 0; i < 9; i++) {
                read(rejected("r" + i, "u1", SOLD_OUT, at(1)));
            }
            boolean wokenByOthers = feed.awaitLater(position, Duration.ofMillis(1));
            Page afterOthers = feed.after(position);
            read(rejected("r9", "u2", SOLD_OUT, at(1)));
            boolean wokenByOwn = feed.awaitLater(afterOthers.until(), Duration.ofMillis(1));
            Page afterOwn = feed.after(afterOthers.until());
            read(issued("r10", "u1", 2, at(1)));
            boolean wokenByAChange = feed.awaitLater(afterOwn.until(), Duration.ofMillis(1));

            // then
            assertThat(before).containsExactly(100L);
            assertThat(wokenByOthers).isFalse();
            assertThat(afterOthers).isEqualTo(new Page(100, List.of(), 109));
            assertThat(wokenByOwn).isTrue();
            assertThat(ids(afterOwn)).containsExactly(110L);
            assertThat(wokenByAChange).as("the number of issued coupons").isTrue();
        }
        assertThat(buffers.get(COUPON).after(107).events()).extracting(CouponEvent::id).containsExactly(109L, 110L,
                111L);
    }

    @Test
    void shouldIndexTheRetainedEventsOfAUser() {
        // given
        for (int i = 0; i < 5; i++) {
            read(rejected("r" + i, i % 2 == 0 ? "u1" : "u2", SOLD_OUT, at(1)));
        }

        Feed first = buffers.get(COUPON).feed(Optional.of(new UserId("u2")));

        // when
        try (Feed second = buffers.get(COUPON).feed(Optional.of(new UserId("u2")))) {
            first.close();
            read(rejected("r5", "u2", SOLD_OUT, at(1)));

            // then
            assertThat(ids(second.after(0))).containsExactly(103L, 105L);
            assertThat(second.after(0).since()).isEqualTo(101);
        }
    }

    @Test
    void shouldWakeASubscriberThatWaits() throws Exception {
        // given
        try (Feed ofUser = buffers.get(COUPON).feed(Optional.of(new UserId("u2")));
                Feed ofAll = buffers.get(COUPON).feed(Optional.empty());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Boolean> user = threads.submit(() -> ofUser.awaitLater(99, Duration.ofMinutes(1)));
            Future<Boolean> all = threads.submit(() -> ofAll.awaitLater(99, Duration.ofMinutes(1)));

            // when
            read(rejected("r1", "u1", SOLD_OUT, at(1)));
            all.get(30, TimeUnit.SECONDS);
            boolean userStillWaits = !user.isDone();
            read(rejected("r2", "u2", SOLD_OUT, at(1)));

            // then
            assertThat(userStillWaits).isTrue();
            assertThat(user.get(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static List<Long> ids(Page page) {
        return page.events().stream().map(CouponEvent::id).toList();
    }

    @Test
    void shouldMakeTheBytesOfAnEventOnce() {
        // given
        read(issued("r1", "u1", 1, at(1)));

        // when
        byte[] first = buffers.get(COUPON).after(99).events().getFirst().bytes();

        // then
        assertThat(buffers.get(COUPON).after(99).events().getFirst().bytes()).isSameAs(first);
    }

    @Test
    void shouldReportDroppedEvents() {
        // when
        for (int i = 1; i <= 5; i++) {
            read(issued("r" + i, "u" + i, i, at(1)));
        }

        // then
        Page page = buffers.get(COUPON).after(0);
        assertThat(page.since()).isEqualTo(101);
        assertThat(page.events()).extracting(CouponEvent::id).containsExactly(102L, 103L, 104L);
    }

    private void read(CouponOutcome outcome) {
        buffers.read(new ConsumedRecord<>(outcome, 0, offset++, at(1)));
    }

    private void sendOneRound(OneRoundOutput reader, Optional<UserId> only, long lastEventId) {
        try {
            subscription(reader, only, OptionalLong.of(lastEventId)).send(MAX_LAG);
        } catch (IOException | InterruptedException e) {
            assertThat(e).hasMessage("connection closed");
        }
    }

    private Subscription subscription(ByteArrayOutputStream reader, Optional<UserId> only,
            OptionalLong lastEventId) {
        return new Subscription(buffers.get(COUPON).feed(only), () -> CouponResponse.of(couponWithStock(3)), reader,
                lastEventId, () -> Duration.ofHours(1));
    }

    private static String text(ByteArrayOutputStream reader) {
        return reader.toString(StandardCharsets.UTF_8);
    }

    /** An output that fails at the first flush, so that the subscription ends after one round. */
    private static final class OneRoundOutput extends ByteArrayOutputStream {
        @Override
        public void flush() throws IOException {
            throw new IOException("connection closed");
        }
    }
}
