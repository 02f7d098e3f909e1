package io.firstcome.standalone.cli.operate;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.contract.json.Json;
import io.firstcome.kit.http.Requests;
import io.firstcome.standalone.cli.terminal.ExitCode;
import io.firstcome.standalone.cli.terminal.JsonOption;
import io.firstcome.standalone.client.ApiAnswer;
import io.firstcome.standalone.client.ApiClient;
import io.firstcome.standalone.client.ClaimAttempts;
import io.firstcome.standalone.client.ClaimReply;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Claims a coupon for a user. Exit codes: 0 issued, 1 rejected, 2 the request is wrong, 3 not known. */
@Command(name = "claim", mixinStandardHelpOptions = true, sortOptions = false,
        header = "Claim a coupon for a user and wait for the decision.",
        description = "Attempts that leave the result open are repeated under the same key, so that they are one claim."
                + " Exit code 0: issued, 1: rejected, 3: not decided within the time.")
public final class ClaimCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private Deployment deployment;

    @Mixin
    private JsonOption json;

    @Parameters(index = "0", paramLabel = "COUPON", description = "Id of the coupon.")
    private CouponId coupon;

    @Parameters(index = "1", paramLabel = "USER", description = "Id of the user.")
    private UserId user;

    @Option(names = "--key", paramLabel = "KEY",
            description = "The Idempotency-Key. Name that of an earlier claim to repeat it; a new one if omitted.")
    private Optional<RequestId> key;

    @Option(names = "--wait", paramLabel = "SECONDS", defaultValue = "30",
            description = "How long to wait for the decision, all attempts together (${DEFAULT-VALUE}).")
    private int waitSeconds;

    @Option(names = "--user-token-file", paramLabel = "FILE",
            description = "File with the user's token, where callers are users with tokens.")
    private Optional<Path> userTokenFile;

    @Override
    public Integer call() throws InterruptedException {
        if (waitSeconds < 1) {
            throw new ParameterException(spec.commandLine(), "--wait must be 1 or more, not " + waitSeconds);
        }
        RequestId request = key.orElseGet(Requests::newId);
        URI server = deployment.callersUrl();
        try (ApiClient client = deployment.callers(userTokenFile)) {
            requireServer(client, server);
            // Before the first attempt: a caller who is interrupted must be able to repeat this request.
            (json.isSet() ? System.err : System.out).println("request " + request);
            var attempts = new ClaimAttempts(client::send, Thread::sleep, Clock.systemUTC(),
                    line -> System.err.println("request " + request + ": " + line));
            return report(request, attempts.claim(coupon, user, request, Duration.ofSeconds(waitSeconds)));
        }
    }

    /** Without this, a wrong address would be tried until the time is over. The claim itself may be lost on the way. */
    private static void requireServer(ApiClient client, URI server) throws InterruptedException {
        try {
            client.get("/livez");
        } catch (IOException e) {
            throw Deployment.unreachable(server, "--url", e);
        }
    }

    private int report(RequestId request, ClaimReply result) {
        ObjectNode summary = Json.mapper().createObjectNode().put("requestId", request.value())
                .put("couponId", coupon.value()).put("userId", user.value());
        int exitCode = switch (result) {
            case ClaimReply.Issued(ApiAnswer answer) -> {
                summary.put("status", "ISSUED");
                answer.text("sequence").ifPresent(sequence -> summary.put("sequence", Long.valueOf(sequence)));
                answer.text("issuedAt").ifPresent(time -> summary.put("issuedAt", time));
                print("%s has %s with sequence %s".formatted(user, coupon, answer.text("sequence").orElse("unknown")));
                yield ExitCode.OK;
            }
            case ClaimReply.Rejected(String reason, ApiAnswer answer) -> {
                summary.put("status", "REJECTED").put("reason", reason).set("answer", answer.body());
                print("rejected: " + reason + (answer.text("title").isPresent() ? ": " + answer.explanation() : ""));
                yield ExitCode.NO;
            }
            case ClaimReply.Refused(ApiAnswer answer) -> {
                summary.put("status", "REFUSED").put("reason", answer.problem()).set("answer", answer.body());
                System.err.println("firstcome: " + answer.problem() + ": " + answer.explanation());
                yield answer.status() == 404 ? ExitCode.NO : ExitCode.CANNOT;
            }
            case ClaimReply.Undecided(String why, Optional<ApiAnswer> last) -> {
                summary.put("status", "UNKNOWN").put("reason", why);
                last.ifPresent(answer -> summary.set("answer", answer.body()));
                System.err.println("firstcome: not known: " + why + "; repeat with ./firstcome claim " + coupon + " "
                        + user + " --key " + request);
                yield ExitCode.UNKNOWN;
            }
        };
        if (json.isSet()) {
            JsonOption.print(summary);
        }
        return exitCode;
    }

    private void print(String line) {
        if (!json.isSet()) {
            System.out.println(line);
        }
    }
}
