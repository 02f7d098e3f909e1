package io.firstcome.kit.http;

import java.time.Duration;

/** What every HTTP port accepts of one request. */
public final class HttpLimits {

    /** The largest request line and headers together, in bytes. */
    public static final int MAX_HEAD_BYTES = 8192;
    /** The largest request body, in bytes. */
    public static final int MAX_BODY_BYTES = 4096;
    /**
     * The longest time from a request's first byte to the end of its headers, and from there to the end of its
     * body.
     */
    public static final Duration READ_TIMEOUT = Duration.ofSeconds(10);

    /** The {@link #READ_TIMEOUT} of one HTTP port, as a bean of its Jetty connector. */
    public record ReadTimeout(Duration value) {}

    private HttpLimits() {}
}
