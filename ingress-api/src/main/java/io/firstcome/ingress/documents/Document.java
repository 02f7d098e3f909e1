package io.firstcome.ingress.documents;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * A file of this program, held in memory: reading it from the jar would decompress it for each request.
 *
 * @param content must not be modified
 */
record Document(byte[] content, String mediaType) {

    private static final String SWAGGER_UI = "/META-INF/resources/webjars/swagger-ui/" + swaggerUiVersion() + "/";

    static Document own(String name, String mediaType) {
        return read("/io/firstcome/ingress/documents/" + name, mediaType);
    }

    static Document ofSwaggerUi(String name, String mediaType) {
        return read(SWAGGER_UI + name, mediaType);
    }

    private static Document read(String path, String mediaType) {
        try (InputStream file = Document.class.getResourceAsStream(path)) {
            return new Document(file.readAllBytes(), mediaType);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
