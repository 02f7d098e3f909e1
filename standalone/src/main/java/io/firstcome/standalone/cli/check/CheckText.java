package io.firstcome.standalone.cli.check;

import java.util.List;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.firstcome.contract.json.Json;
import io.firstcome.standalone.check.report.CheckReport;
import io.firstcome.standalone.check.report.CheckResult;
import io.firstcome.standalone.check.report.CheckResult.Status;
import io.firstcome.standalone.cli.terminal.Table;
import io.firstcome.standalone.cli.terminal.UtcTime;
import io.firstcome.standalone.console.Amount;

/** The result of a check as text and as JSON. */
final class CheckText {

    private static final int SHOWN_VIOLATIONS = 10;

    private CheckText() {}

    static String text(CheckReport report, String kafka) {
        var table = new Table("result", "guarantee", "what was compared");
        report.results().forEach(result -> table.row(label(result.status()), result.name(), result.detail()));
        StringBuilder text = new StringBuilder("%s, %s, %s in Kafka at %s, in %s%n%n".formatted(
                Amount.of(report.coupons(), "coupon"), Amount.of(report.commands(), "command"),
                Amount.of(report.outcomes(), "outcome"), kafka, UtcTime.shown(report.duration())));
        text.append(table.text());
        for (CheckResult result : report.results()) {
            List<String> violations = result.violations();
            if (violations.size() > 1) {
                text.append("%n%s, %,d violations:%n".formatted(result.name(), violations.size()));
                violations.stream().limit(SHOWN_VIOLATIONS)
                        .forEach(violation -> text.append("  ").append(Table.printable(violation)).append('\n'));
            }
        }
        return text.append('\n').append(switch (report.status()) {
            case HELD -> "every guarantee holds";
            case VIOLATED -> "A GUARANTEE IS VIOLATED: keep the topics and the database as they are, and see"
                    + " docs/operations.md, A check reports a violation";
            case UNKNOWN -> "no violation was found, but not everything could be checked";
        }).append('\n').toString();
    }

    private static String label(Status status) {
        return switch (status) {
            case HELD -> "PASS";
            case VIOLATED -> "FAIL";
            case UNKNOWN -> "UNKNOWN";
        };
    }

    static ObjectNode json(CheckReport report) {
        ObjectNode json = Json.mapper().createObjectNode().put("time", report.time().toString())
                .put("durationMillis", report.duration().toMillis()).put("status", report.status().name())
                .put("coupons", report.coupons()).put("commands", report.commands())
                .put("outcomes", report.outcomes());
        ArrayNode results = json.putArray("guarantees");
        for (CheckResult result : report.results()) {
            ArrayNode violations = results.addObject().put("name", result.name())
                    .put("status", result.status().name()).put("detail", result.detail()).putArray("violations");
            result.violations().forEach(violations::add);
        }
        return json;
    }
}
