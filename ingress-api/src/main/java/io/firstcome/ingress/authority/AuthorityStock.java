package io.firstcome.ingress.authority;

import com.fasterxml.jackson.databind.JsonNode;

import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.json.ContractViolation;

/**
 * The counts of a coupon in the authority's stores.
 *
 * @param issued the number of issues, revoked ones included
 * @param version counts the changes of definition and status
 */
public record AuthorityStock(long stock, long issued, long revoked, long version, String status) {

    static AuthorityStock of(JsonNode body) {
        return new AuthorityStock(number(body, "stock"), number(body, "issued"), number(body, "revoked"),
                number(body, "version"), body.path("status").asText());
    }

    /** Whether the authority has forgotten the holders. The counts remain. */
    public boolean isArchived() {
        return status.equals(CouponStatus.ARCHIVED.name());
    }

    private static long number(JsonNode body, String member) {
        if (!body.path(member).isIntegralNumber()) {
            throw new ContractViolation(member, "must be a whole number");
        }
        return body.path(member).asLong();
    }
}
