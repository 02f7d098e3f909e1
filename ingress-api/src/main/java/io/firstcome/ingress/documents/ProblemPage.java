package io.firstcome.ingress.documents;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.function.Function;

import io.firstcome.ingress.http.Problems;

/** The page that lists every problem type that a client can meet. Tests hold it to the code and to {@code openapi.yaml}. */
public final class ProblemPage {

    private static final String THIS_SENDING = "This sending had no effect; an earlier one under the same Idempotency-Key"
            + " may have had.";

    static final List<ProblemType> TYPES = List.of(
            new ProblemType("invalid-request", 400, "A part of the request is not allowed; `field` names it.",
                    "Mend that part. The same request will fail again."),
            new ProblemType("malformed-request", 400, "This is not a request that HTTP allows.",
                    "Send what RFC 9112 allows."),
            new ProblemType("unauthenticated", 401, "Callers are users here, and there is no valid token.",
                    "Send a valid one as `Authorization: Bearer …`."),
            new ProblemType("unauthorized", 401, "An operator's request without the operators' token.",
                    "Send it as `Authorization: Bearer …`."),
            new ProblemType("forbidden", 403, "The token is good for its own user only.", "Ask and act for that user."),
            new ProblemType("not-found", 404, "Nothing answers at this path.", "Look the path up in /openapi.yaml."),
            new ProblemType("unknown-coupon", 404,
                    "No coupon of that name has been defined, as far as this ingress has read.",
                    "Check the name. Should an operator define the coupon yet, claim it under a new Idempotency-Key."),
            new ProblemType("unknown-request", 404,
                    "No request of that id is known here: it never came, is still under way, was forgotten since, or is another"
                            + " user's.",
                    "Send the claim again under the same Idempotency-Key, or ask for the user's issue."),
            new ProblemType("no-such-issue", 404,
                    "The authority has not issued this coupon to the user so far. While a request is pending this is not final.",
                    "Ask what became of the request, or claim the coupon."),
            new ProblemType("method-not-allowed", 405, "Something answers at this path, but to other methods.",
                    "Look the method up in /openapi.yaml."),
            new ProblemType("too-slow", 408, "The request took longer than ten seconds to come. " + THIS_SENDING,
                    "Repeat it under the same Idempotency-Key."),
            new ProblemType("sold-out", 409, "Every coupon of the stock has been issued.",
                    "Give up. Should the stock be raised, claim under a new Idempotency-Key. Whether the user holds one from"
                            + " before says `GET /v1/coupons/{couponId}/issues/{userId}`."),
            new ProblemType("already-issued", 409, "The user holds this coupon by another request; `sequence` is its"
                    + " number.", "Show the user the coupon."),
            new ProblemType("not-started", 409, "The coupon can be claimed from `opensAt` on.",
                    "Claim again then, under the same Idempotency-Key or a new one."),
            new ProblemType("paused", 409, "An operator has paused the coupon.",
                    "Claim again later, seldom, and under a new Idempotency-Key: what the log has refused stays refused"
                            + " under the old one."),
            new ProblemType("stock-below-issued", 409, "An operator asked for less stock than has been issued.",
                    "Choose a stock that is no smaller."),
            new ProblemType("coupon-closed", 409, "The coupon was closed, which is for good.",
                    "Define another coupon."),
            new ProblemType("ended", 410, "The coupon no longer takes claims.",
                    "Give up. Should an operator move the end, claim under a new Idempotency-Key."),
            new ProblemType("too-large", 413, "The body is larger than 4096 bytes.", "Send less."),
            new ProblemType("uri-too-long", 414, "The address is too long.",
                    "First line and headers are 8192 bytes at most."),
            new ProblemType("unsupported-media-type", 415, "The Content-Type is not `application/json` in UTF-8.",
                    "Send `Content-Type: application/json`, or none."),
            new ProblemType("idempotency-key-reused", 422,
                    "The Idempotency-Key names a request for another user or coupon.",
                    "Choose a new key for a new request."),
            new ProblemType("rate-limited", 429,
                    "More than the limits in `violated-policies` allow. " + THIS_SENDING,
                    "Repeat the same request, under the same Idempotency-Key, after `Retry-After`."),
            new ProblemType("headers-too-large", 431, "The headers are too large.",
                    "First line and headers are 8192 bytes at most."),
            new ProblemType("internal", 500, "Something went wrong on our side; whether the request took effect is not"
                    + " known.", "Report the `requestId`. Repeat a claim only under the same Idempotency-Key."),
            new ProblemType("unavailable", 503, "The service cannot answer at the moment. " + THIS_SENDING,
                    "Repeat the same request, under the same Idempotency-Key, after `Retry-After`."),
            new ProblemType("overloaded", 503, "More at once than can be taken. " + THIS_SENDING,
                    "Repeat the same request, under the same Idempotency-Key, after `Retry-After`."),
            new ProblemType("stock-reserved", 503,
                    "All that is left is reserved for claims that are being decided. " + THIS_SENDING,
                    "Repeat the same request, under the same Idempotency-Key, after `Retry-After`: some may come free."),
            new ProblemType("outcome-unknown", 503, "The request may have taken effect, or may yet.",
                    "Repeat it with the answer's `requestId` as Idempotency-Key; under another key it is another claim."),
            new ProblemType("version-not-supported", 505, "This version of HTTP is not spoken here.", "Send HTTP/1.1."),
            new ProblemType("refused", 400, "The server refused the request for a reason without a name of its own; the"
                    + " status says more.", "Compare the request with /openapi.yaml."));

    private static final String MARKDOWN = """
            # Problems

            <!-- Generated by topology-docs from ProblemPage; change the code, then regenerate. -->

            Whatever is refused or goes wrong is answered with a problem document (RFC 9457, `application/problem+json`), but for
            the 503 of `/livez` and `/readyz`, which lists the checks that fail. Switch on its `type`, never on `title` or
            `detail`, which are for people and may change. `requestId` names the request in our logs. A running ingress shows
            this page at `/problems`.

            | type | status | meaning | what to do |
            |---|---|---|---|
            %s
            """;

    private static final String HTML = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>FirstCome problems</title>
            <style>body { font-family: sans-serif; margin: 2em auto; max-width: 75em; }
            td, th { border-bottom: 1px solid #ccc; padding: .5em; text-align: left; vertical-align: top; }</style></head>
            <body><h1>Problems</h1>
            <p>Whatever is refused or goes wrong is answered with a problem document (RFC 9457), but for the 503 of
            <code>/livez</code> and <code>/readyz</code>, which lists the checks that fail. Switch on its <code>type</code>.
            The interface as a whole: <a href="/docs">/docs</a>.</p>
            <table><tr><th>type</th><th>status</th><th>meaning</th><th>what to do</th></tr>
            %s
            </table></body></html>
            """;

    private ProblemPage() {}

    /** The page as Markdown, for {@code docs/problems.md}. */
    public static String markdown() {
        return MARKDOWN.formatted(rows(type -> "| `%s` | %d | %s | %s |".formatted(type.uri(), type.status(),
                type.meaning(), type.remedy())));
    }

    /** The page for browsers. */
    static String html() {
        return HTML
                .formatted(rows(type -> "<tr id=\"%s\"><td><code>%s</code></td><td>%d</td><td>%s</td><td>%s</td></tr>"
                        .formatted(type.name(), type.uri(), type.status(), code(type.meaning()), code(type.remedy()))));
    }

    private static String code(String text) {
        return text.replaceAll("`([^`]*)`", "<code>$1</code>");
    }

    private static String rows(Function<ProblemType, String> row) {
        return TYPES.stream().map(row).collect(joining("\n"));
    }
}
