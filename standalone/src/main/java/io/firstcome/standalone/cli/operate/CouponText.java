package io.firstcome.standalone.cli.operate;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;

import io.firstcome.standalone.cli.terminal.Table;

/** Coupons as the API describes them, for a terminal. A member that is missing is shown as unknown. */
final class CouponText {

    private static final String UNKNOWN = "unknown";

    private CouponText() {}

    /** One line for each coupon. */
    static String table(List<JsonNode> coupons) {
        var table = new Table("coupon", "status", ">stock", ">issued", ">revoked", ">left", "opens", "closes", "name");
        coupons.forEach(coupon -> table.row(value(coupon, "couponId"), value(coupon, "status"), value(coupon, "stock"),
                value(coupon, "issued"), value(coupon, "revoked"), value(coupon, "remaining"),
                value(coupon, "opensAt"), value(coupon, "closesAt"), value(coupon, "name")));
        return table.text();
    }

    /** One line for each property of a coupon. */
    static String properties(JsonNode coupon) {
        var text = new StringBuilder();
        line(text, "coupon", value(coupon, "couponId"));
        line(text, "name", value(coupon, "name"));
        line(text, "status", value(coupon, "status") + ", version " + value(coupon, "version"));
        line(text, "stock", value(coupon, "stock") + ", issued " + value(coupon, "issued") + ", revoked "
                + value(coupon, "revoked") + ", left " + value(coupon, "remaining"));
        line(text, "open", "from " + value(coupon, "opensAt") + " to " + value(coupon, "closesAt"));
        line(text, "per user", value(coupon, "perUser") + (coupon.path("reclaim").asBoolean(true)
                ? ", and again after a revocation"
                : ", and not again after a revocation"));
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append("%-10s%s%n".formatted(name, Table.printable(value)));
    }

    private static String value(JsonNode coupon, String member) {
        JsonNode value = coupon.path(member);
        if (!value.isValueNode() || value.isNull()) {
            return UNKNOWN;
        }
        return value.isIntegralNumber() ? "%,d".formatted(value.longValue()) : value.asText();
    }
}
