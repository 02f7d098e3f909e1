package io.firstcome.kit.early;

import java.util.List;

import org.eclipse.jetty.http.HttpField;

/**
 * An answer to a request.
 *
 * @param route the path of the route that would have answered, for the metrics
 * @param headers all headers except those of HTTP itself
 * @param body the content; it is sent as it is and must not change
 */
public record EarlyAnswer(int status, String route, List<HttpField> headers, byte[] body) {}
