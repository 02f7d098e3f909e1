package io.firstcome.processor.topology;

import io.firstcome.contract.UserId;
import io.firstcome.processor.issuance.Holding;

/** A user who holds a coupon, as one entry of {@code issued-users}. */
public record Holder(UserId userId, Holding holding) {}
