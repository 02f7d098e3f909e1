package io.firstcome.ingress.documents;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemException;
import io.firstcome.kit.http.ProblemType;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/**
 * The first page, the OpenAPI description, a page that renders it, and the list of problems. Nothing is loaded from
 * other servers.
 */
public final class DocumentRoutes {

    private static final String HTML = "text/html; charset=utf-8";
    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final String CONTENT_POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline';"
            + " img-src 'self' data:";

    private static final Document DESCRIPTION = Document.own("openapi.yaml", "application/yaml");
    private static final Document LANDING = Document.own("landing.html", HTML);
    private static final Document PAGE = Document.own("docs.html", HTML);
    private static final Document PROBLEMS = new Document(ProblemPage.html().getBytes(StandardCharsets.UTF_8), HTML);

    /** The files that the page loads. Other names are not found. */
    private static final Map<String, Document> PAGE_FILES = Map.of(
            "initializer.js", Document.own("docs.js", SCRIPT),
            "swagger-ui.css", Document.ofSwaggerUi("swagger-ui.css", "text/css; charset=utf-8"),
            "swagger-ui-bundle.js", Document.ofSwaggerUi("swagger-ui-bundle.js", SCRIPT),
            "favicon-32x32.png", Document.ofSwaggerUi("favicon-32x32.png", "image/png"));

    /** Adds the routes. */
    public void addTo(RoutesConfig routes) {
        routes.get("/", context -> answer(context, LANDING));
        routes.get("/openapi.yaml", context -> answer(context, DESCRIPTION));
        routes.get("/docs", context -> answer(context, PAGE));
        routes.get("/docs/{file}", context -> answer(context, file(context.pathParam("file"))));
        routes.get("/problems", context -> answer(context, PROBLEMS));
    }

    private static Document file(String name) {
        Document file = PAGE_FILES.get(name);
        if (file == null) {
            throw new ProblemException(Problem.of(ProblemType.NOT_FOUND));
        }
        return file;
    }

    private static void answer(Context context, Document document) {
        context.header("Content-Security-Policy", CONTENT_POLICY);
        context.contentType(document.mediaType()).result(document.content());
    }
}
