package io.firstcome.kit.settings;

import java.util.regex.Pattern;

/** Keeps what only two may know out of messages that anybody may read. */
public final class Credentials {

    /** Up to the last one: in what was refused as a URI a password may hold any character. */
    private static final Pattern USER_INFO = Pattern.compile("(?s)^(\\w+(?::\\w+)*://)?.*@");
    private static final Pattern PARAMETER = Pattern
            .compile("([?&;][^=&;]*(?:password|secret|token|key)[^=&;]*=)[^&;]*", Pattern.CASE_INSENSITIVE);

    private Credentials() {}

    /** An address, well-formed or not, without user, password and secret parameters. */
    public static String hiddenIn(String address) {
        return PARAMETER.matcher(USER_INFO.matcher(address).replaceFirst("$1***@")).replaceAll("$1***");
    }

    /** A message that may repeat an address, with the address as {@link #hiddenIn(String)} shows it. */
    public static String hiddenIn(String message, String address) {
        return address.isEmpty() ? message : message.replace(address, hiddenIn(address));
    }
}
