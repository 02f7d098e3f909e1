package io.firstcome.ingress.http;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.javalin.http.Context;

/** {@code Prefer: wait=N} of RFC 7240. A preference that is not valid is ignored, not an error. */
public final class PreferWait {

    /** The longest wait; a longer preference is reduced to it. */
    public static final Duration MAX = Duration.ofSeconds(30);

    private static final Pattern WAIT = Pattern.compile("(?:^|[,;])\\s*wait\\s*=\\s*\"?(\\d{1,9})\"?\\s*(?=$|[,;])",
            Pattern.CASE_INSENSITIVE);

    private PreferWait() {}

    /** How long the caller of a request waits, at most {@link #MAX}; zero without the preference. */
    public static Duration of(Context context) {
        return of(context.header("Prefer"));
    }

    static Duration of(String prefer) {
        Matcher wait = WAIT.matcher(prefer == null ? "" : prefer);
        if (!wait.find()) {
            return Duration.ZERO;
        }
        Duration requested = Duration.ofSeconds(Long.parseLong(wait.group(1)));
        return requested.compareTo(MAX) > 0 ? MAX : requested;
    }

    /** The value of {@code Preference-Applied} for a header {@code Prefer}; empty without a valid wait. */
    public static Optional<String> applied(String prefer) {
        Duration wait = of(prefer);
        return wait.isZero() ? Optional.empty() : Optional.of("wait=" + wait.toSeconds());
    }

    /** Adds the header {@code Preference-Applied} if the caller had the preference. */
    public static void applied(Context context, Duration wait) {
        if (!wait.isZero()) {
            context.header("Preference-Applied", "wait=" + wait.toSeconds());
        }
    }
}
