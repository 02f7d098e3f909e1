package io.firstcome.kit.settings;

import java.util.regex.Pattern;

/** Removes credentials from messages, logs and error texts. */
public final class Credentials {

    /** Matches up to the last {@code @}: in an invalid URI the password may contain any character. */
    private static final Pattern USER_INFO = Pattern.compile("(?s)^(\\w+(?::\\w+)*://)?.*@");
    private static final Pattern PARAMETER = Pattern
            .compile("([?&;][^=&;]*(?:password|secret|token|key)[^=&;]*=)[^&;]*", Pattern.CASE_INSENSITIVE);
    /** In the key-value form of a JDBC URL: {@code jdbc:mysql://(host=h,password=p)/d}. */
    private static final Pattern PROPERTY = Pattern
            .compile("([(,][^=(),]*(?:password|secret|token|key)[^=(),]*=)[^),]*", Pattern.CASE_INSENSITIVE);

    private Credentials() {}

    /** An address, valid or not, without user, password and secret parameters. */
    public static String hiddenIn(String address) {
        String withoutUser = USER_INFO.matcher(address).replaceFirst("$1***@");
        return PROPERTY.matcher(PARAMETER.matcher(withoutUser).replaceAll("$1***")).replaceAll("$1***");
    }

    /** A message with each occurrence of the address replaced by {@link #hiddenIn(String)}. */
    public static String hiddenIn(String message, String address) {
        return address.isEmpty() ? message : message.replace(address, hiddenIn(address));
    }
}
