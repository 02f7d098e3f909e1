package io.firstcome.ingress.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * A request that is not sent yet: first valid, then changed to an invalid one.
 *
 * @param operators whether the request goes to the operators' port
 * @param framing the headers that give the length of the body; null for a correct {@code Content-Length}
 */
record Draft(boolean operators, String method, String target, String version, List<String> headers, String framing,
        byte[] body) {

    static Draft of(boolean operators, String method, String target, String body, String... headers) {
        return new Draft(operators, method, target, "HTTP/1.1", List.of(headers), null, body.getBytes(UTF_8));
    }

    boolean hasJson() {
        return body.length > 0;
    }

    Draft method(String other) {
        return new Draft(operators, other, target, version, headers, framing, body);
    }

    Draft target(String other) {
        return new Draft(operators, method, other, version, headers, framing, body);
    }

    Draft version(String other) {
        return new Draft(operators, method, target, other, headers, framing, body);
    }

    Draft headers(List<String> others) {
        return new Draft(operators, method, target, version, others, framing, body);
    }

    /** Adds a header line. */
    Draft and(String header) {
        List<String> more = new ArrayList<>(headers);
        more.add(header);
        return headers(more);
    }

    /** Removes all lines of one header. */
    Draft without(String header) {
        return headers(headers.stream().filter(line -> !line.startsWith(header + ":")).toList());
    }

    Draft body(byte[] other) {
        return new Draft(operators, method, target, version, headers, framing, other);
    }

    Draft body(String other) {
        return body(other.getBytes(UTF_8));
    }

    String text() {
        return new String(body, UTF_8);
    }

    /** Replaces the body and the headers that give its length. */
    Draft framed(String otherFraming, String otherBody) {
        return new Draft(operators, method, target, version, headers, otherFraming, otherBody.getBytes(UTF_8));
    }

    byte[] bytes() {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes((method + " " + target + " " + version + "\r\n").getBytes(ISO_8859_1));
        headers.forEach(line -> bytes.writeBytes((line + "\r\n").getBytes(ISO_8859_1)));
        bytes.writeBytes(((framing == null ? "Content-Length: " + body.length : framing) + "\r\n\r\n")
                .getBytes(ISO_8859_1));
        bytes.writeBytes(body);
        return bytes.toByteArray();
    }
}
