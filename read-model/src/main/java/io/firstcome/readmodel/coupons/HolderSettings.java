package io.firstcome.readmodel.coupons;

import java.util.List;
import java.util.Map;

import io.firstcome.kit.settings.Setting;

/**
 * How many holders an ingress remembers.
 *
 * @param max the number for all coupons together; 0 for none
 */
public record HolderSettings(int max) {

    private static final Setting<Integer> MAX = Setting.number("FIRSTCOME_HOLDERS_MAX", 5_000_000, 0, 100_000_000,
            "holders",
            "How many holders of coupons an ingress remembers (5 to 11 bytes each), to answer sold-out without Redis."
                    + " Beyond this number it asks Redis. 0 for none.");

    /** All settings, for the documentation. */
    public static final List<Setting<?>> ALL = List.of(MAX);

    /** The settings of an environment. */
    public static HolderSettings from(Map<String, String> environment) {
        return new HolderSettings(MAX.from(environment));
    }
}
