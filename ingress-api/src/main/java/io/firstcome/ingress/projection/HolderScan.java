package io.firstcome.ingress.projection;

import java.util.Map;

import io.firstcome.contract.CouponId;
import redis.clients.jedis.resps.ScanResult;

/**
 * Reads a coupon's holders page by page and compares them with the digest that stood in the facts when it began. Who is
 * added meanwhile has a higher number than all who were there, and is not counted.
 */
final class HolderScan {

    private final GateInspector inspector;
    private final CouponId coupon;
    private final GateContent begun;
    private final HolderDigest digest = new HolderDigest();
    private String cursor = GateInspector.START;
    private boolean complete;

    HolderScan(GateInspector inspector, CouponId coupon, GateContent begun) {
        this.inspector = inspector;
        this.coupon = coupon;
        this.begun = begun;
    }

    /** Reads on. A holder is read twice only if many others were removed meanwhile, which is a difference anyway. */
    void step() {
        ScanResult<Map.Entry<String, String>> page = inspector.holders(coupon, cursor);
        page.getResult().stream().filter(holder -> !isLater(holder.getValue()))
                .forEach(holder -> digest.add(holder.getKey(), holder.getValue()));
        cursor = page.getCursor();
        complete = page.isCompleteIteration();
    }

    boolean isComplete() {
        return complete;
    }

    boolean isAsWritten() {
        return digest.value() == begun.digest();
    }

    private boolean isLater(String holding) {
        String sequence = holding.substring(0, Math.max(0, holding.indexOf(':')));
        return sequence.matches("\\d{1,18}") && Long.parseLong(sequence) > begun.issued();
    }
}
