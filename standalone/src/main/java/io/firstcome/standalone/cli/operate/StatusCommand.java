package io.firstcome.standalone.cli.operate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.firstcome.kit.service.StartFailure;
import io.firstcome.standalone.cli.terminal.CommandFailure;
import io.firstcome.standalone.cli.terminal.ExitCode;
import io.firstcome.standalone.cli.terminal.JsonOption;
import io.firstcome.standalone.cli.terminal.Table;
import io.firstcome.standalone.client.ApiAnswer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows what runs, what is behind, and the stock of the open coupons. */
@Command(name = "status", mixinStandardHelpOptions = true, sortOptions = false,
        header = "Show what runs, what is behind, and the stock.",
        description = "Exit code 0: everything is up, 1: a part is down or degraded, 3: the state of a part is not"
                + " known.")
public final class StatusCommand implements Callable<Integer> {

    private static final int SHOWN_COUPONS = 20;

    @Mixin
    private Deployment deployment;

    @Mixin
    private JsonOption json;

    @Override
    public Integer call() throws InterruptedException {
        ApiAnswer answer = deployment.askOperatorsPort(client -> client.get("/v1/status"));
        if (answer.status() == 404) {
            throw new CommandFailure(ExitCode.CANNOT, deployment.operatorsUrl()
                    + " has no /v1/status; name the operators' port of a current version with --admin-url");
        }
        if (!answer.isSuccess()) {
            throw new CommandFailure(ExitCode.CANNOT, answer.explanation());
        }
        Coupons coupons = activeCoupons();
        if (json.isSet()) {
            ObjectNode status = answer.body().deepCopy();
            coupons.page().ifPresent(page -> status.set("activeCoupons", page.path("coupons")));
            JsonOption.print(status);
        } else {
            System.out.print("FirstCome at " + deployment.operatorsUrl() + "\n\n" + text(answer.body(), coupons));
        }
        return exitCode(answer.body());
    }

    /**
     * The active coupons.
     *
     * @param page the first page of the list; empty when it is not available
     * @param problem why it is not available
     */
    record Coupons(Optional<JsonNode> page, String problem) {}

    /** The public API may be away while the operators' API tells why. */
    private Coupons activeCoupons() throws InterruptedException {
        try {
            ApiAnswer answer = deployment.askCallersPort(
                    client -> client.get("/v1/coupons?status=ACTIVE&limit=" + SHOWN_COUPONS));
            return new Coupons(Optional.of(answer.body()).filter(_ -> answer.isSuccess()), answer.explanation());
        } catch (CommandFailure | StartFailure e) {
            return new Coupons(Optional.empty(), e.getMessage());
        }
    }

    /** The answer of {@code GET /v1/status} and the list of coupons. */
    static String text(JsonNode status, Coupons coupons) {
        var components = new Table("part", "state", ">behind", "detail");
        status.path("components").forEach(part -> components.row(part.path("name").asText("unknown"),
                part.path("status").asText("UNKNOWN"), behind(part), part.path("detail").asText("")));
        JsonNode counts = status.path("coupons");
        StringBuilder text = new StringBuilder(components.text());
        text.append("\ncoupons: %s, open: %s%n".formatted(count(counts, "total"), count(counts, "open")));
        if (coupons.page().isEmpty()) {
            return text.append("the list of coupons is not available: ").append(coupons.problem()).append('\n')
                    .toString();
        }
        List<JsonNode> active = new ArrayList<>();
        coupons.page().get().path("coupons").forEach(active::add);
        text.append(active.isEmpty() ? "" : "\n" + CouponText.table(active));
        if (coupons.page().get().has("nextCursor")) {
            text.append("more: ./firstcome coupon list --status ACTIVE\n");
        }
        return text.toString();
    }

    /** Only parts that read the log can be behind. A lag that is not known is not 0. */
    private static String behind(JsonNode part) {
        if (part.path("lag").isNumber()) {
            return "%,d".formatted(part.path("lag").longValue());
        }
        return Set.of("gate", "authority", "sink").contains(part.path("name").asText()) ? "unknown" : "-";
    }

    private static String count(JsonNode counts, String member) {
        return counts.path(member).isNumber() ? "%,d".formatted(counts.path(member).longValue()) : "unknown";
    }

    /** Down outweighs unknown: a part that is down is known to be down. */
    static int exitCode(JsonNode status) {
        List<String> states = status.path("components").valueStream().map(part -> part.path("status").asText())
                .toList();
        if (states.stream().anyMatch(Set.of("DOWN", "DEGRADED")::contains)) {
            return ExitCode.NO;
        }
        return !states.isEmpty() && states.stream().allMatch("UP"::equals) ? ExitCode.OK : ExitCode.UNKNOWN;
    }
}
