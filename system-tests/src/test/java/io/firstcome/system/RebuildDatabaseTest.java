package io.firstcome.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

import io.firstcome.contract.id.CouponId;
import io.firstcome.standalone.demo.FlashSale;
import io.firstcome.standalone.demo.SalePlan;
import io.firstcome.standalone.stack.Endpoints;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.evidence.StoredRows;
import io.firstcome.testkit.guarantee.GuaranteeResult;
import io.firstcome.testkit.guarantee.checks.SinkMatches;
import io.firstcome.testkit.log.LogReader;

/** Fills an empty database from the authority of a running system. */
@ExtendWith(SharedStack.class)
@ResourceLock(SharedStack.LOCK)
class RebuildDatabaseTest {

    @Test
    void shouldFillAnEmptyDatabaseFromTheAuthority(Endpoints endpoints) throws Exception {
        // given
        String id = Long.toString(System.nanoTime(), 36);
        var coupon = new CouponId("rebuilt-" + id);
        FlashSale.run(SalePlan.of(coupon, 30, 20, 10), endpoints, () -> {});
        String url = endpoints.jdbc().replaceFirst("(jdbc:mysql://[^/]+/)[^?]+", "$1rebuilt_" + id);
        try (Connection server = DriverManager.getConnection(endpoints.jdbc());
                Statement create = server.createStatement()) {
            create.execute("CREATE DATABASE rebuilt_" + id);
        }

        // when
        String printed;
        int exitCode;
        try (CommandLine command = CommandLine.start("rebuild-database", "--kafka", endpoints.kafka(), "--jdbc-url",
                url, "--processor-url", endpoints.processor())) {
            printed = command.awaitEnd();
            exitCode = command.exitCode();
        }

        // then
        assertThat(exitCode).as(printed).isZero();
        assertThat(printed).contains("holders stored", "no partition had lost records");
        var log = new LogReader(endpoints.kafka()).readSettled(coupon, Duration.ofSeconds(60));
        try (Connection rebuilt = DriverManager.getConnection(url)) {
            Evidence evidence = Evidence.of(log).withStored(StoredRows.read(rebuilt, coupon));
            assertThat(new SinkMatches().check(evidence)).isInstanceOf(GuaranteeResult.Pass.class);
            assertThat(StoredRows.read(rebuilt, coupon).issues()).hasSize(20);
        }
    }
}
