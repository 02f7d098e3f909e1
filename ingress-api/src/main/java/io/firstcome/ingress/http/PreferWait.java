package io.firstcome.ingress.http;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.javalin.http.Context;

/** {@code Prefer: wait=N} of RFC 7240. A preference that is not understood is no error: it is not honoured. */
public final class PreferWait {

    /** More is not waited, whatever is asked. */
    public static final Duration LONGEST = Duration.ofSeconds(30);

    private static final Pattern WAIT = Pattern.compile("(?:^|[,;])\\s*wait\\s*=\\s*\"?(\\d{1,9})\"?\\s*(?=$|[,;])",
            Pattern.CASE_INSENSITIVE);

    private PreferWait() {}

    /** How long the caller would wait, at most {@link #LONGEST}; zero without the preference. */
    public static Duration of(String prefer) {
        Matcher wait = WAIT.matcher(prefer == null ? "" : prefer);
        if (!wait.find()) {
            return Duration.ZERO;
        }
        Duration asked = Duration.ofSeconds(Long.parseLong(wait.group(1)));
        return asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
    }

    /** Tells the caller that the preference, if there was one, was honoured. */
    public static void applied(Context context, Duration patience) {
        if (!patience.isZero()) {
            context.header("Preference-Applied", "wait=" + patience.toSeconds());
        }
    }
}
