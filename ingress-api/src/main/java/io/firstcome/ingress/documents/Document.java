package io.firstcome.ingress.documents;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * A file of this program.
 *
 * @param path its place among the resources
 */
record Document(String path, String mediaType) {

    private static final String SWAGGER_UI = "/META-INF/resources/webjars/swagger-ui/" + swaggerUiVersion() + "/";

    static Document ours(String name, String mediaType) {
        return new Document("/io/firstcome/ingress/documents/" + name, mediaType);
    }

    static Document ofSwaggerUi(String name, String mediaType) {
        return new Document(SWAGGER_UI + name, mediaType);
    }

    InputStream open() {
        return Document.class.getResourceAsStream(path);
    }

    private static String swaggerUiVersion() {
        var artifact = new Properties();
        try (InputStream file = Document.class
                .getResourceAsStream("/META-INF/maven/org.webjars/swagger-ui/pom.properties")) {
            artifact.load(file);
            return artifact.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
