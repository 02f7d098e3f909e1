package io.firstcome.ingress.status;

import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.firstcome.kit.status.ComponentStatus;

/**
 * The status of the system as one ingress sees it.
 *
 * @param components ingress, gate, log, authority and sink, in this order
 * @param coupons null, and absent from the JSON, while this ingress has not read the coupons up to now
 * @param version the version of the ingress; {@code unknown} when it does not run from a jar file
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SystemStatus(Instant time, List<ComponentStatus> components, Coupons coupons, String version) {

    /**
     * How many coupons there are.
     *
     * @param total all coupons that were ever defined
     * @param open the active ones in their window, sold out ones included
     */
    public record Coupons(long total, long open) {}
}
