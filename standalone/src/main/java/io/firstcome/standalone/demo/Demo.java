package io.firstcome.standalone.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Duration;

import io.firstcome.kit.settings.KafkaConnection;
import io.firstcome.standalone.demo.FlashSale.SaleResult;
import io.firstcome.standalone.console.ConsoleBar;
import io.firstcome.standalone.evidence.StackEvidence;
import io.firstcome.standalone.stack.Endpoints;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.guarantee.GuaranteeReport;
import io.firstcome.testkit.guarantee.Guarantees;
import me.tongfei.progressbar.ProgressBar;

/** Runs one flash sale, checks the guarantees and prints a report. */
public final class Demo {

    private Demo() {}

    /**
     * Runs a sale and prints its report.
     *
     * @param kafka how to connect to the Kafka of the stack
     * @param out receives the report as text
     */
    public static DemoResult run(SalePlan plan, Endpoints endpoints, KafkaConnection kafka, PrintStream out)
            throws IOException, InterruptedException, SQLException {
        rehearse(plan.rehearsal(), endpoints, out);
        out.printf("%n%,d users claim %,d coupons at the same time (coupon %s):%n", plan.users(), plan.stock(),
                plan.couponId());
        SaleResult sale = runSale(plan, endpoints, out);
        Duration stored = StorageMonitor.await(endpoints.jdbc(), plan.couponId(), sale.issuedCount());
        Evidence evidence = new StackEvidence(endpoints, kafka).of(plan.couponId(), sale.answers());
        DemoReport figures = new DemoReport(sale, evidence, stored);
        out.print(figures.text());
        GuaranteeReport report = Guarantees.check(evidence);
        out.println("\nguarantees");
        out.println(report.details().indent(2));
        return new DemoResult(figures, report);
    }

    /**
     * Without a rehearsal the first seconds of the sale would measure how fast the JVM compiles. The result is not
     * part of the report.
     */
    private static void rehearse(SalePlan plan, Endpoints endpoints, PrintStream out)
            throws IOException, InterruptedException, SQLException {
        out.printf("%nRehearsal: %,d users claim %,d coupons (coupon %s).%n", plan.users(), plan.stock(),
                plan.couponId());
        SaleResult sale = FlashSale.run(plan, endpoints, () -> {});
        StorageMonitor.await(endpoints.jdbc(), plan.couponId(), sale.issuedCount());
    }

    private static SaleResult runSale(SalePlan plan, Endpoints endpoints, PrintStream out)
            throws IOException, InterruptedException {
        try (ProgressBar bar = ConsoleBar.start("  answered", plan.users(), out)) {
            return FlashSale.run(plan, endpoints, bar::step);
        }
    }
}
