package io.firstcome.readmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import io.firstcome.contract.id.CouponId;
import io.firstcome.readmodel.PartitionCatchUp.Topic;

class PartitionCatchUpTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final CouponId SILENT = new CouponId("silent");
    private static final CouponId READ = new CouponId("read");

    private final AtomicBoolean silentIsRead = new AtomicBoolean();
    private final PartitionCatchUp catchUp = new PartitionCatchUp(coupon -> coupon.equals(SILENT) ? 1 : 0,
            List.of(topic(), topic()));

    private Topic topic() {
        return new Topic() {

            @Override
            public boolean isCurrent(int partition) {
                return partition == 0 || silentIsRead.get();
            }

            @Override
            public boolean isReadSince(int partition, long moment) {
                return isCurrent(partition);
            }
        };
    }

    @Test
    void shouldAskOnlyThePartitionOfTheCoupon() throws Exception {
        assertThat(catchUp.isCurrent(READ)).isTrue();
        assertThat(catchUp.awaitReadSince(READ, 0, Duration.ZERO)).isTrue();
        assertThat(catchUp.isCurrent(SILENT)).isFalse();
        assertThat(catchUp.awaitReadSince(SILENT, 0, Duration.ZERO)).isFalse();
    }

    @Test
    void shouldRefuseFurtherWaitersAtOnce() throws Exception {
        // when
        List<CompletableFuture<Boolean>> asked = IntStream.rangeClosed(0, PartitionCatchUp.MAX_WAITERS)
                .mapToObj(_ -> CompletableFuture.supplyAsync(this::awaitSilent, Thread::startVirtualThread)).toList();

        // then
        await().until(() -> asked.stream().anyMatch(CompletableFuture::isDone));
        assertThat(catchUp.awaitReadSince(READ, 0, LONG)).as("another partition").isTrue();
        silentIsRead.set(true);
        assertThat(asked).extracting(CompletableFuture::join).containsOnlyOnce(false)
                .filteredOn(it -> it).hasSize(PartitionCatchUp.MAX_WAITERS);
    }

    private boolean awaitSilent() {
        try {
            return catchUp.awaitReadSince(SILENT, 0, LONG);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
