package io.firstcome.standalone.client;

import java.util.Optional;

/** What became of a claim. */
public sealed interface ClaimReply {

    /** The coupon was issued to the request, or had been. */
    record Issued(ApiAnswer answer) implements ClaimReply {}

    /**
     * The claim was rejected.
     *
     * @param reason the name of the problem, such as {@code sold-out}
     */
    record Rejected(String reason, ApiAnswer answer) implements ClaimReply {}

    /** The request is wrong and would be refused again. It had no effect. */
    record Refused(ApiAnswer answer) implements ClaimReply {}

    /**
     * The time is over. The claim may be undecided, or may never have arrived.
     *
     * @param why what the last attempt got
     * @param lastAnswer the last answer; empty when the last attempt got none
     */
    record Undecided(String why, Optional<ApiAnswer> lastAnswer) implements ClaimReply {}
}
