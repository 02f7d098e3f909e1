package io.firstcome.standalone.demo;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;

import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.json.Json;
import io.firstcome.kit.http.ProblemType;
import io.firstcome.standalone.demo.KeepAliveClient.HttpAnswer;
import io.firstcome.testkit.evidence.Reply;

/** Converts HTTP answers to {@link Reply}. */
final class Replies {

    private Replies() {}

    static Reply read(RequestId sent, HttpAnswer answer) {
        JsonNode body = Json.read(answer.body(), JsonNode.class);
        return switch (answer.status()) {
            case 201 -> issued(sent, new RequestId(body.path("requestId").textValue()),
                    body.path("sequence").longValue());
            case 202 -> accepted(sent, new RequestId(body.path("requestId").textValue()));
            default -> problem(answer.status(), body);
        };
    }

    /** The decision on an earlier request of the user says the same as {@code already-issued}. */
    private static Reply issued(RequestId sent, RequestId issued, long sequence) {
        return issued.equals(sent)
                ? Reply.issued(sequence)
                : new Reply.Rejected(RejectionReason.ALREADY_ISSUED, List.of(sequence));
    }

    private static Reply accepted(RequestId sent, RequestId accepted) {
        return accepted.equals(sent) ? Reply.accepted() : new Reply.InFlight(accepted);
    }

    private static Reply problem(int status, JsonNode body) {
        String name = body.path("type").asText().replace(ProblemType.URI_PREFIX, "");
        return rejection(name).<Reply>map(reason -> new Reply.Rejected(reason, sequences(body)))
                .orElseGet(() -> Reply.uncertain(status + " " + name));
    }

    private static Optional<RejectionReason> rejection(String problem) {
        String constant = problem.toUpperCase(Locale.ROOT).replace('-', '_');
        return Arrays.stream(RejectionReason.values()).filter(reason -> reason.name().equals(constant)).findFirst();
    }

    /** {@code already-issued} has one sequence, {@code limit-reached} a list. */
    private static List<Long> sequences(JsonNode body) {
        return body.has("sequence")
                ? List.of(body.path("sequence").longValue())
                : body.path("sequences").valueStream().map(JsonNode::longValue).toList();
    }
}
