package io.firstcome.ingress.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.firstcome.contract.CouponState;
import io.firstcome.gate.projection.HolderSource;
import io.firstcome.readmodel.coupons.CouponHolders;
import io.firstcome.readmodel.coupons.CouponRegistry;
import io.firstcome.testing.Campaign;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

class HolderFillTest {

    @ParameterizedTest
    @MethodSource("brokenSources")
    void shouldReportAnErrorThatEndsTheFills(HolderSource authority) {
        // given
        CouponState soldOut = Campaign.openForLong().state(1, 2, 2);
        var registry = new CouponRegistry(_ -> {});
        registry.apply(soldOut);

        try (var fill = new HolderFill(registry, new CouponHolders(1000), authority, InstantSource.system(),
                new SimpleMeterRegistry())) {
            // when
            fill.request(soldOut.couponId());

            // then
            await().until(() -> fill.problem().isPresent());
            assertThat(fill.problem().get()).contains("LinkageError");
        }
    }

    static Stream<HolderSource> brokenSources() {
        var error = new LinkageError("thrown by the test");
        return Stream.of((_, _) -> {
            throw error;
        }, (_, _) -> CompletableFuture.failedFuture(error));
    }
}
