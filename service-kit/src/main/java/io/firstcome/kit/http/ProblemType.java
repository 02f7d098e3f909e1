package io.firstcome.kit.http;

import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonValue;

import io.firstcome.contract.ChangeRejectionReason;
import io.firstcome.contract.RejectionReason;

/**
 * Every problem that a service of this project answers with. This enum is the only place that maps a problem to its
 * name, status and texts; {@code /problems} and {@code docs/problems.md} are rendered from it. A name and its status
 * are part of the HTTP contract, the texts are not.
 */
public enum ProblemType {

    /** The detail comes from the {@link io.firstcome.contract.json.ContractViolation} and differs each time. */
    INVALID_REQUEST(400, "The request is not valid.", null,
            "A part of the request is not valid; `field` names it.",
            "Correct the field. The same request fails again."),
    MALFORMED_REQUEST(400, "The request is malformed.",
            "The request line, a header, the path or the framing is malformed or ambiguous.",
            "The request violates RFC 9112.",
            "Send a well-formed HTTP/1.1 request."),
    UNAUTHENTICATED(401, "Authentication required.",
            "Send a valid token as Authorization: Bearer …",
            "This service authenticates users, and the request carries no valid token.",
            "Send a valid token as `Authorization: Bearer …`."),
    UNAUTHORIZED(401, "Operator authentication required.",
            "Send the admin token as Authorization: Bearer …",
            "A request to the operators' port carries no valid admin token.",
            "Send the admin token as `Authorization: Bearer …`."),
    FORBIDDEN(403, "Access denied.",
            "The token is valid for its own user only.",
            "The token belongs to another user than the one that the request names, or users may not revoke coupons.",
            "Name the user of the token. Ask an operator to revoke a coupon."),
    NOT_FOUND(404, "Not found.",
            "No route matches this path.",
            "No route matches this path.",
            "Look the path up in /openapi.yaml."),
    UNKNOWN_COUPON(404, "The coupon does not exist.",
            "No coupon with this id has been defined.",
            "No coupon with this id has been defined, as far as this ingress has read.",
            "Check the id. If the coupon is defined later, claim it with a new Idempotency-Key."),
    UNKNOWN_REQUEST(404, "The request is not known.",
            "The request never arrived, arrived a moment ago, or is no longer remembered. Whether the user holds the"
                    + " coupon can be queried at any time.",
            "No request with this id is known: it never arrived, is on its way to the log, is no longer remembered, or"
                    + " belongs to another user.",
            "Send the claim again with the same Idempotency-Key, or query the user's issue."),
    NO_SUCH_ISSUE(404, "The user does not hold this coupon.",
            null,
            "The authority has not issued this coupon to the user so far, or the coupon was revoked. While a request is"
                    + " pending, this is not final.",
            "Query the status of the request, or claim the coupon."),
    METHOD_NOT_ALLOWED(405, "Method not allowed.",
            "The Allow header lists the methods that this path supports.",
            "The path exists but does not support this method.",
            "Look the method up in /openapi.yaml."),
    TOO_SLOW(408, "The request timed out.",
            "The request must arrive within " + HttpLimits.READ_TIMEOUT.toSeconds() + " seconds.",
            "The request took longer than ten seconds to arrive. " + Texts.NO_EFFECT,
            "Repeat the request with the same Idempotency-Key."),
    SOLD_OUT(409, "Sold out.",
            "Every coupon of the stock has been issued.",
            "Every coupon of the stock has been issued.",
            "Stop claiming. If the stock is raised or a coupon is revoked, claim with a new Idempotency-Key. `GET"
                    + " /v1/coupons/{couponId}/issues/{userId}` tells whether the user already holds the coupon."),
    ALREADY_ISSUED(409, "The user already holds this coupon.",
            "The coupon was issued to another request of this user.",
            "The user holds this coupon from another request; `sequence` is its number.",
            "Show the coupon to the user."),
    LIMIT_REACHED(409, "The user holds as many coupons as allowed.",
            "The coupon was issued to other requests of this user, as often as one user may hold it.",
            "The user holds as many of this coupon as one user may hold; `sequences` are their numbers.",
            "Show the coupons to the user."),
    REVOKED(409, "The user's coupon was revoked.",
            "The coupon that this user had been issued was revoked.",
            "The coupon that was issued to this request was revoked, or another one of the same user was and the coupon"
                    + " does not allow that user to claim again.",
            "Do not repeat the request. Where the coupon allows it, claim again with a new Idempotency-Key."),
    NOT_ENDED(409, "The coupon has not ended.",
            "Only a coupon that is closed or whose window is over can be archived.",
            "The coupon is neither closed nor past `closesAt`, or the commands of its time have not expired, so it"
                    + " cannot be archived.",
            "Close the coupon first, or wait until `closesAt`, and then until the time in the detail."),
    SEQUENCE_REQUIRED(409, "The user holds several coupons.",
            "Name the one to revoke with ?sequence=N.",
            "The user holds several of this coupon, and the request does not name the one to revoke.",
            "Repeat the request with `?sequence=N`. `GET /v1/coupons/{couponId}/issues/{userId}` lists the numbers."),
    NOT_STARTED(409, "The coupon has not opened yet.",
            "Claims are accepted from opensAt on.",
            "The coupon can be claimed from `opensAt` on.",
            "Claim again after `opensAt`, with the same Idempotency-Key or a new one."),
    PAUSED(409, "The coupon is paused.",
            "The coupon accepts no claims until an operator resumes it.",
            "An operator has paused the coupon.",
            "Claim again later, at long intervals and with a new Idempotency-Key: a rejection by the log is repeated"
                    + " for the old key."),
    STOCK_BELOW_ISSUED(409, "The stock is below the number of coupons held.",
            "The stock cannot be smaller than the number of coupons that users hold.",
            "An operator set a stock that is smaller than the number of coupons that users hold.",
            "Choose a stock that is at least the issued count minus the revoked count."),
    COUPON_CLOSED(409, "The coupon is closed.",
            "A closed coupon cannot be changed.",
            "The coupon was closed, which is permanent.",
            "Define another coupon."),
    ENDED(410, "The coupon has ended.",
            "The coupon no longer accepts claims.",
            "The coupon no longer accepts claims.",
            "Stop claiming. If an operator extends the coupon, claim with a new Idempotency-Key."),
    TOO_LARGE(413, "The request body is too large.",
            "A body has at most " + HttpLimits.MAX_BODY_BYTES + " bytes.",
            "The body is larger than " + HttpLimits.MAX_BODY_BYTES + " bytes.",
            "Send a smaller body."),
    URI_TOO_LONG(414, "The URI is too long.",
            Texts.HEAD_LIMIT,
            "The URI is too long.",
            Texts.HEAD_LIMIT),
    UNSUPPORTED_MEDIA_TYPE(415, "The body must be JSON.",
            "Send the body as application/json in UTF-8.",
            "The Content-Type is not `application/json` in UTF-8.",
            "Send `Content-Type: application/json`, or no Content-Type."),
    IDEMPOTENCY_KEY_REUSED(422, "The Idempotency-Key was used for another request.",
            "The key names a request of the same user for another coupon. Use a new key for a new request.",
            "The Idempotency-Key names a request of the same user for another coupon.",
            "Use a new key for a new request."),
    RATE_LIMITED(429, "Too many requests.",
            "The request was not accepted. Repeat it after Retry-After, with the same Idempotency-Key if it had one.",
            "The request exceeds the limits named in `violated-policies`. " + Texts.NO_EFFECT,
            Texts.REPEAT + "."),
    HEADERS_TOO_LARGE(431, "The request headers are too large.",
            Texts.HEAD_LIMIT,
            "The headers are too large.",
            Texts.HEAD_LIMIT),
    INTERNAL(500, "Internal server error.",
            "The error is logged with this requestId. Whether the request took effect is unknown.",
            "The service failed; whether the request took effect is unknown.",
            "Report the `requestId`. Repeat a claim only with the same Idempotency-Key."),
    UNAVAILABLE(503, "The service is temporarily unavailable.",
            "The request was not accepted. Try again.",
            "The service cannot answer at the moment. " + Texts.NO_EFFECT,
            Texts.REPEAT + "."),
    OVERLOADED(503, "The service is overloaded.",
            "The claim was not accepted. Try again.",
            "More requests are in progress than the service accepts. " + Texts.NO_EFFECT,
            Texts.REPEAT + "."),
    STOCK_RESERVED(503, "All remaining stock is reserved.",
            "Other claims are being decided, and some of the stock may become available. Try again.",
            "All remaining stock is reserved for claims that are being decided. " + Texts.NO_EFFECT,
            Texts.REPEAT + ": some of the stock may become available."),
    OUTCOME_UNKNOWN(503, "The outcome is unknown.",
            "The request may have taken effect or may still do so. Repeating it with this requestId as Idempotency-Key"
                    + " is safe; repeating it with another key is not.",
            "The request may have taken effect or may still do so.",
            "Repeat the request with the `requestId` of the answer as Idempotency-Key; with another key it is another"
                    + " claim."),
    VERSION_NOT_SUPPORTED(505, "HTTP version not supported.",
            "Send HTTP/1.1.",
            "The service does not support this HTTP version.",
            "Send HTTP/1.1."),
    /** Jetty chooses the status; 400 is the most frequent one. */
    REFUSED(400, "The request was refused.", null,
            "The server refused the request for a reason that has no problem type; the status says more.",
            "Compare the request with /openapi.yaml.");

    /** What every type URI begins with. */
    public static final String URI_PREFIX = "urn:firstcome:problem:";

    private final int status;
    private final String title;
    private final String detail;
    private final String meaning;
    private final String remedy;

    /** @param detail the default detail; null where each problem has its own or none */
    ProblemType(int status, String title, String detail, String meaning, String remedy) {
        this.status = status;
        this.title = title;
        this.detail = detail;
        this.meaning = meaning;
        this.remedy = remedy;
    }

    /** The type of the problem that answers a rejected claim. */
    public static ProblemType of(RejectionReason reason) {
        return switch (reason) {
            case UNKNOWN_COUPON -> UNKNOWN_COUPON;
            case ALREADY_ISSUED -> ALREADY_ISSUED;
            case LIMIT_REACHED -> LIMIT_REACHED;
            case REVOKED -> REVOKED;
            case PAUSED -> PAUSED;
            case NOT_STARTED -> NOT_STARTED;
            case ENDED -> ENDED;
            case SOLD_OUT -> SOLD_OUT;
        };
    }

    /** The type of the problem that answers a rejected operator's command. */
    public static ProblemType of(ChangeRejectionReason reason) {
        return switch (reason) {
            case UNKNOWN_COUPON -> UNKNOWN_COUPON;
            case STOCK_BELOW_ISSUED -> STOCK_BELOW_ISSUED;
            case COUPON_CLOSED -> COUPON_CLOSED;
            case NOT_ENDED -> NOT_ENDED;
            case NOT_HELD -> NO_SUCH_ISSUE;
            case SEQUENCE_REQUIRED -> SEQUENCE_REQUIRED;
        };
    }

    /** The stable name at the end of {@link #uri()}, such as {@code sold-out}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The problem's {@code type}, on which clients switch. */
    @JsonValue
    public String uri() {
        return URI_PREFIX + id();
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** One sentence, the same for every problem of this type. */
    public String title() {
        return title;
    }

    /** The detail of a problem that has no more specific one, or null. */
    public String detail() {
        return detail;
    }

    /** What the problem means to a client, in Markdown. */
    public String meaning() {
        return meaning;
    }

    /** What the client can do about it, in Markdown. */
    public String remedy() {
        return remedy;
    }

    private static final class Texts {

        static final String NO_EFFECT = "This attempt had no effect; an earlier one with the same Idempotency-Key may"
                + " have had one.";
        static final String REPEAT = "Repeat the same request, with the same Idempotency-Key, after `Retry-After`";
        static final String HEAD_LIMIT = "The request line and the headers have at most " + HttpLimits.MAX_HEAD_BYTES
                + " bytes together.";
    }
}
