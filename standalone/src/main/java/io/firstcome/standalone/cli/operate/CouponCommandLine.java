package io.firstcome.standalone.cli.operate;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.UserId;
import io.firstcome.contract.json.Json;
import io.firstcome.kit.http.Requests;
import io.firstcome.standalone.cli.terminal.CommandFailure;
import io.firstcome.standalone.cli.terminal.ExitCode;
import io.firstcome.standalone.cli.terminal.JsonOption;
import io.firstcome.standalone.cli.terminal.UtcTime;
import io.firstcome.standalone.client.ApiAnswer;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows and changes coupons through the HTTP API. Exit code 1: the change was rejected, or there is no such coupon. */
@Command(name = "coupon", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Create, show and change coupons.",
        subcommands = {CouponCommandLine.Create.class, CouponCommandLine.ListAll.class, CouponCommandLine.Show.class,
            CouponCommandLine.Pause.class, CouponCommandLine.Resume.class, CouponCommandLine.Restock.class,
            CouponCommandLine.Close.class, CouponCommandLine.Archive.class, CouponCommandLine.Revoke.class,
            HelpCommand.class})
public final class CouponCommandLine implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(),
                "say what to do: create, list, show, pause, resume, restock, close, archive or revoke");
    }

    /** What every command about coupons has. */
    private abstract static class Subcommand implements Callable<Integer> {

        @Mixin
        Deployment deployment;

        @Mixin
        JsonOption json;

        Optional<ApiAnswer> find(CouponId coupon) throws InterruptedException {
            ApiAnswer answer = deployment.askCallersPort(client -> client.get(path(coupon)));
            if (answer.status() == 404 && answer.problem().equals("unknown-coupon")) {
                return Optional.empty();
            }
            if (!answer.isSuccess()) {
                throw new CommandFailure(ExitCode.CANNOT, answer.explanation());
            }
            return Optional.of(answer);
        }

        ApiAnswer operate(String method, String path, Optional<Object> body) throws InterruptedException {
            return deployment.askOperatorsPort(client -> client.send(method, path, Map.of(), body));
        }

        /** Prints what the authority decided, and returns the exit code. */
        int report(ApiAnswer answer, String done) {
            if (json.isSet()) {
                JsonOption.print(answer.body());
            }
            if (answer.isSuccess()) {
                if (!json.isSet()) {
                    System.out.println(done);
                    System.out.print(answer.body().has("stock") ? CouponText.properties(answer.body()) : "");
                }
                return ExitCode.OK;
            }
            System.err.println("firstcome: " + answer.problem() + ": " + answer.explanation());
            return switch (answer.status()) {
                case 404, 409, 410 -> ExitCode.NO;
                case 500, 502, 504 -> ExitCode.UNKNOWN;
                default -> answer.problem().equals("outcome-unknown") ? ExitCode.UNKNOWN : ExitCode.CANNOT;
            };
        }

        static String path(CouponId coupon) {
            return "/v1/coupons/" + coupon;
        }
    }

    /** A command about one coupon. */
    private abstract static class OfOneCoupon extends Subcommand {

        @Parameters(index = "0", paramLabel = "COUPON", description = "Id of the coupon.")
        CouponId coupon;
    }

    /** A command that changes the status of one coupon. */
    private abstract static class StatusChange extends OfOneCoupon {

        private final String action;
        private final String done;

        StatusChange(String action, String done) {
            this.action = action;
            this.done = done;
        }

        @Override
        public Integer call() throws InterruptedException {
            return report(operate("POST", path(coupon) + "/" + action, Optional.empty()), coupon + " " + done);
        }
    }

    @Command(name = "create", mixinStandardHelpOptions = true, sortOptions = false,
            description = "Create a coupon. A coupon that exists is not changed.")
    static final class Create extends OfOneCoupon {

        @Option(names = "--stock", paramLabel = "N", required = true, description = "How many there are.")
        private long stock;

        @Option(names = "--name", paramLabel = "TEXT", description = "Name for people; the id if omitted.")
        private Optional<String> name;

        @Option(names = "--opens", paramLabel = "TIME", defaultValue = "now", converter = UtcTime.Converter.class,
                description = "When claims begin: a UTC time such as 2027-01-31T09:00:00Z, now, or a time from now such"
                        + " as +10m (${DEFAULT-VALUE}).")
        private UtcTime opens;

        @Option(names = "--closes", paramLabel = "TIME", defaultValue = "+7d", converter = UtcTime.Converter.class,
                description = "When claims end, in the same form (${DEFAULT-VALUE}).")
        private UtcTime closes;

        @Option(names = "--per-user", paramLabel = "N", defaultValue = "1",
                description = "How many one user may hold (${DEFAULT-VALUE}).")
        private int perUser;

        @Option(names = "--no-reclaim", description = "A user whose coupon was revoked may not claim again.")
        private boolean noReclaim;

        @Override
        public Integer call() throws InterruptedException {
            if (find(coupon).isPresent()) {
                throw new CommandFailure(ExitCode.NO, "the coupon " + coupon + " exists and was not changed; show it"
                        + " with ./firstcome coupon show " + coupon);
            }
            Instant now = Instant.now();
            ObjectNode body = Json.mapper().createObjectNode().put("name", name.orElse(coupon.value()))
                    .put("stock", stock).put("opensAt", opens.from(now).toString())
                    .put("closesAt", closes.from(now).toString()).put("perUser", perUser).put("reclaim", !noReclaim);
            ApiAnswer answer = operate("PUT", path(coupon), Optional.of(body));
            return report(answer, coupon + " is created");
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, sortOptions = false,
            description = "List the coupons in the order of their ids.")
    static final class ListAll extends Subcommand {

        @Spec
        private CommandSpec spec;

        @Option(names = "--status", paramLabel = "STATUS",
                description = "Only coupons in one of: ${COMPLETION-CANDIDATES}.")
        private Optional<CouponStatus> status;

        @Option(names = "--limit", paramLabel = "N", defaultValue = "1000",
                description = "At most so many coupons (${DEFAULT-VALUE}).")
        private int limit;

        @Override
        public Integer call() throws InterruptedException {
            if (limit < 1) {
                throw new ParameterException(spec.commandLine(), "--limit must be 1 or more, not " + limit);
            }
            List<JsonNode> coupons = new ArrayList<>();
            Optional<String> cursor = Optional.empty();
            do {
                String query = "/v1/coupons?limit=" + Math.min(100, limit - coupons.size())
                        + status.map(it -> "&status=" + it).orElse("")
                        + cursor.map(it -> "&cursor=" + URLEncoder.encode(it, StandardCharsets.UTF_8)).orElse("");
                ApiAnswer answer = deployment.askCallersPort(client -> client.get(query));
                if (!answer.isSuccess()) {
                    throw new CommandFailure(ExitCode.CANNOT, answer.explanation());
                }
                answer.body().path("coupons").forEach(coupons::add);
                cursor = answer.text("nextCursor");
            } while (cursor.isPresent() && coupons.size() < limit);
            if (json.isSet()) {
                ObjectNode page = Json.mapper().createObjectNode();
                page.putArray("coupons").addAll(coupons);
                page.put("complete", cursor.isEmpty());
                JsonOption.print(page);
                return ExitCode.OK;
            }
            System.out.print(coupons.isEmpty()
                    ? "no coupons; create one with ./firstcome coupon create COUPON --stock N\n"
                    : CouponText.table(coupons));
            if (cursor.isPresent()) {
                System.out.println("there are more; list them with a greater --limit");
            }
            return ExitCode.OK;
        }
    }

    @Command(name = "show", mixinStandardHelpOptions = true, sortOptions = false,
            description = "Show one coupon, or what one user holds of it.")
    static final class Show extends OfOneCoupon {

        @Option(names = "--user", paramLabel = "USER",
                description = "Show what this user holds, as the authority knows.")
        private Optional<UserId> user;

        @Override
        public Integer call() throws InterruptedException {
            if (user.isPresent()) {
                String path = path(coupon) + "/issues/" + Requests.encoded(user.get());
                ApiAnswer answer = deployment.askCallersPort(client -> client.get(path));
                return report(answer, user.get() + " holds " + coupon + " with sequence " + answer.text("sequence")
                        .orElseGet(() -> answer.body().path("sequences").toString()));
            }
            ApiAnswer answer = find(coupon).orElseThrow(() -> new CommandFailure(ExitCode.NO,
                    "there is no coupon " + coupon + "; list all with ./firstcome coupon list"));
            if (json.isSet()) {
                JsonOption.print(answer.body());
            } else {
                System.out.print(CouponText.properties(answer.body()));
            }
            return ExitCode.OK;
        }
    }

    @Command(name = "pause", mixinStandardHelpOptions = true, sortOptions = false,
            description = "Reject claims until the coupon is resumed.")
    static final class Pause extends StatusChange {

        Pause() {
            super("pause", "is paused");
        }
    }

    @Command(name = "resume", mixinStandardHelpOptions = true, sortOptions = false,
            description = "Accept claims on a paused coupon again.")
    static final class Resume extends StatusChange {

        Resume() {
            super("resume", "is active");
        }
    }

    @Command(name = "close", mixinStandardHelpOptions = true, sortOptions = false,
            description = "End a coupon for good. Its holders keep it.")
    static final class Close extends StatusChange {

        Close() {
            super("close", "is closed");
        }
    }

    @Command(name = "archive", mixinStandardHelpOptions = true, sortOptions = false,
            description = "Let the authority forget the holders of a coupon that ended 7 days ago. MySQL keeps them.")
    static final class Archive extends StatusChange {

        Archive() {
            super("archive", "is archived");
        }
    }

    @Command(name = "restock", mixinStandardHelpOptions = true, sortOptions = false,
            description = "Set the stock of a coupon, or add to it.")
    static final class Restock extends OfOneCoupon {

        @Spec
        private CommandSpec spec;

        @Parameters(index = "1", paramLabel = "STOCK", description = "The new stock, or +N for N more.")
        private String stock;

        @Override
        public Integer call() throws InterruptedException {
            if (!stock.matches("\\+?\\d{1,15}")) {
                throw new ParameterException(spec.commandLine(), "STOCK must be a number such as 500 or +100, not '"
                        + stock + "'");
            }
            JsonNode before = find(coupon).orElseThrow(() -> new CommandFailure(ExitCode.NO,
                    "there is no coupon " + coupon + "; list all with ./firstcome coupon list")).body();
            long wanted = Long.parseLong(stock) + (stock.startsWith("+") ? before.path("stock").longValue() : 0);
            ObjectNode body = Json.mapper().createObjectNode().put("stock", wanted);
            List.of("name", "opensAt", "closesAt", "perUser", "reclaim")
                    .forEach(member -> body.set(member, before.path(member)));
            return report(operate("PUT", path(coupon), Optional.of(body)), coupon + " has a new stock");
        }
    }

    @Command(name = "revoke", mixinStandardHelpOptions = true, sortOptions = false,
            description = "Take a coupon from a user. The place returns to the stock, the number is not given again.")
    static final class Revoke extends OfOneCoupon {

        @Parameters(index = "1", paramLabel = "USER", description = "Id of the user.")
        private UserId user;

        @Option(names = "--sequence", paramLabel = "N",
                description = "Which one. Required when the user holds several.")
        private Optional<Long> sequence;

        @Override
        public Integer call() throws InterruptedException {
            String path = path(coupon) + "/issues/" + Requests.encoded(user)
                    + sequence.map(number -> "?sequence=" + number).orElse("");
            ApiAnswer answer = operate("DELETE", path, Optional.empty());
            return report(answer, "revoked sequence " + answer.text("sequence").orElse("unknown") + " of " + user);
        }
    }
}
