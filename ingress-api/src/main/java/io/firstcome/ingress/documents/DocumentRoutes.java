package io.firstcome.ingress.documents;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/** The interface's description, a page to read and try it, and the list of problems. Nothing of it comes from elsewhere. */
public final class DocumentRoutes {

    private static final String HTML = "text/html; charset=utf-8";
    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final String CONTENT_POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:";

    private static final Document DESCRIPTION = Document.ours("openapi.yaml", "application/yaml");
    private static final Document PAGE = Document.ours("docs.html", HTML);
    private static final Document PROBLEMS = new Document(ProblemPage.html().getBytes(StandardCharsets.UTF_8), HTML);

    /** What the page loads, and nothing else: a name that is not here leads nowhere. */
    private static final Map<String, Document> PAGE_PARTS = Map.of(
            "initializer.js", Document.ours("docs.js", SCRIPT),
            "swagger-ui.css", Document.ofSwaggerUi("swagger-ui.css", "text/css; charset=utf-8"),
            "swagger-ui-bundle.js", Document.ofSwaggerUi("swagger-ui-bundle.js", SCRIPT),
            "favicon-32x32.png", Document.ofSwaggerUi("favicon-32x32.png", "image/png"));

    /** Adds the routes. */
    public void addTo(RoutesConfig routes) {
        routes.get("/openapi.yaml", context -> answer(context, DESCRIPTION));
        routes.get("/docs", context -> answer(context, PAGE));
        routes.get("/docs/{file}", context -> answer(context, part(context.pathParam("file"))));
        routes.get("/problems", context -> answer(context, PROBLEMS));
    }

    private static Document part(String file) {
        Document part = PAGE_PARTS.get(file);
        if (part == null) {
            throw new ProblemException(Problem.notFound("The page has no such part."));
        }
        return part;
    }

    private static void answer(Context context, Document document) {
        context.header("Content-Security-Policy", CONTENT_POLICY);
        context.contentType(document.mediaType()).result(document.content());
    }
}
