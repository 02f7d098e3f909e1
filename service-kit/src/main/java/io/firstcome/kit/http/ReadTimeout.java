package io.firstcome.kit.http;

import java.time.Duration;

/**
 * How long a client may take to send the headers of a request, and again its body. Each HTTP port has its own value, as a
 * bean of its Jetty connector.
 */
public record ReadTimeout(Duration value) {}
