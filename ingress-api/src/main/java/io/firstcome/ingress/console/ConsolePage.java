package io.firstcome.ingress.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemException;
import io.firstcome.kit.http.ProblemType;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/**
 * The page at {@code /} of the operators' port and its files below {@code /console/}. The files are no secret: the page
 * asks for the admin token and sends it with each request for data.
 */
final class ConsolePage {

    /** Scripts, styles and data of this port only, nothing inline, and no page of another site around the console. */
    private static final String CONTENT_POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
            + " connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final String PAGE = "index.html";
    private static final List<String> FILES = List.of("console.css", "icon.svg", "main.js", "api.js", "chart.js",
            "coupons.js", "coupon.js", "dom.js", "history.js", "rush.js", "text.js");

    private static final Map<String, String> MEDIA_TYPES = Map.of("html", "text/html; charset=utf-8", "css",
            "text/css; charset=utf-8", "js", "text/javascript; charset=utf-8", "svg", "image/svg+xml");

    /** By name; in memory, because reading a file from a jar decompresses it for each request. */
    private final Map<String, byte[]> files = new LinkedHashMap<>();

    ConsolePage() {
        files.put(PAGE, read(PAGE));
        FILES.forEach(name -> files.put(name, read(name)));
    }

    void addTo(RoutesConfig routes) {
        routes.get("/", context -> answer(context, PAGE));
        routes.get("/console/{file}", context -> answer(context, context.pathParam("file")));
    }

    private void answer(Context context, String name) {
        byte[] file = files.get(name);
        if (file == null) {
            throw new ProblemException(Problem.of(ProblemType.NOT_FOUND));
        }
        context.header("Content-Security-Policy", CONTENT_POLICY);
        context.header("Cache-Control", "no-cache");
        context.contentType(MEDIA_TYPES.get(name.substring(name.lastIndexOf('.') + 1))).result(file);
    }

    private static byte[] read(String name) {
        try (InputStream file = ConsolePage.class.getResourceAsStream(name)) {
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
