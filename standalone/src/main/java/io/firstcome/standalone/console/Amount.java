package io.firstcome.standalone.console;

import java.util.Locale;

/** Amounts for people. */
public final class Amount {

    private Amount() {}

    /** An amount with its noun: "1 coupon", "5,006 answers". */
    public static String of(long amount, String noun) {
        return String.format(Locale.ROOT, "%,d %s", amount, amount == 1 ? noun : noun + "s");
    }
}
