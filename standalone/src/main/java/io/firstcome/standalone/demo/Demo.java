package io.firstcome.standalone.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;

import io.firstcome.standalone.demo.FlashSale.SaleResult;
import io.firstcome.standalone.stack.Endpoints;
import io.firstcome.testkit.guarantee.Guarantees;
import io.firstcome.testkit.guarantee.GuaranteeReport;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** One flash sale from opening to judgement, told to a person. */
public final class Demo {

    private Demo() {}

    /** Runs and judges a sale; true when every guarantee holds. */
    public static boolean run(SalePlan plan, Endpoints endpoints, PrintStream out)
            throws IOException, InterruptedException, SQLException {
        out.printf("%n%,d people, %,d coupons, everybody at once (coupon %s):%n", plan.users(), plan.stock(),
                plan.couponId());
        SaleResult sale = rush(plan, endpoints);
        SaleEvidence found = SaleEvidence.collect(sale, endpoints);
        out.print(new DemoReport(sale, found).text());
        GuaranteeReport report = Guarantees.check(found.evidence());
        out.println("\nwhat was promised");
        out.println(report.details().indent(2));
        return report.holds() && report.isComplete();
    }

    private static SaleResult rush(SalePlan plan, Endpoints endpoints) throws IOException, InterruptedException {
        try (ProgressBar bar = progressBar(plan)) {
            return FlashSale.run(plan, endpoints, bar::step);
        }
    }

    private static ProgressBar progressBar(SalePlan plan) {
        return new ProgressBarBuilder().setTaskName("answered")
                .setInitialMax(plan.users())
                .setStyle(System.console() == null ? ProgressBarStyle.ASCII : ProgressBarStyle.COLORFUL_UNICODE_BLOCK)
                .setUpdateIntervalMillis(System.console() == null ? 1000 : 100)
                .showSpeed()
                .build();
    }
}
