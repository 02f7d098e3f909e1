package io.firstcome.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Optional;

import org.junit.jupiter.api.Test;

/** The linter that others use finds no error in the two descriptions ({@code npm install --global @redocly/cli}). */
class DescriptionsLintTest {

    private static final Path OPEN_API = Path
            .of("../ingress-api/src/main/resources/io/firstcome/ingress/documents/openapi.yaml");
    private static final Path ASYNC_API = Path.of("../docs/asyncapi.yaml");

    @Test
    void shouldKeepTheRecommendedRules() throws Exception {
        // given
        Optional<Path> redocly = Monitoring.program("redocly");
        assumeTrue(redocly.isPresent(), "redocly is not on the PATH");

        // when
        var builder = new ProcessBuilder(redocly.get().toString(), "lint", OPEN_API.toString(), ASYNC_API.toString())
                .redirectErrorStream(true);
        builder.environment().put("REDOCLY_TELEMETRY", "off");
        Process lint = builder.start();
        String printed = new String(lint.getInputStream().readAllBytes());

        // then
        assertThat(lint.waitFor()).as(printed).isZero();
        assertThat(printed).contains("openapi.yaml: validated", "asyncapi.yaml: validated");
    }
}
