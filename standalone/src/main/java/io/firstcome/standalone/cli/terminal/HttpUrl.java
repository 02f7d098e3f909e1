package io.firstcome.standalone.cli.terminal;

import java.net.URI;

import io.firstcome.kit.service.StartFailure;

/** Reads the address of an HTTP port. */
public final class HttpUrl {

    private HttpUrl() {}

    /**
     * The URL without a slash at its end.
     *
     * @param name the option or variable, for the message
     * @throws StartFailure in one line when the text is no URL
     */
    public static URI parse(String name, String text) {
        try {
            URI uri = URI.create(text.strip().replaceAll("/+$", ""));
            if (uri.getHost() != null && uri.getScheme().matches("https?")) {
                return uri;
            }
        } catch (IllegalArgumentException _) {
            // Reported below, as any other text that is no URL.
        }
        throw new StartFailure(name + " must be a URL such as http://127.0.0.1:8080, not '" + text + "'");
    }
}
