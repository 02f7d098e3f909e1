package io.firstcome.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

import io.firstcome.kit.metrics.Meters;
import io.firstcome.standalone.stack.Endpoints;

/** The services expose no family of their own that {@link Meters} does not declare. */
@ExtendWith(SharedStack.class)
@ResourceLock(value = SharedStack.LOCK, mode = ResourceAccessMode.READ)
class MetricsPageTest {

    private static final Pattern FAMILY = Pattern.compile("(?m)^# TYPE ((?:firstcome|http_server)_[a-z_]+) ");

    @Test
    void shouldExposeDeclaredFamiliesOnly(Endpoints endpoints) throws Exception {
        // given
        Set<String> declared = Meters.all().stream().flatMap(meter -> meter.families().stream())
                .collect(Collectors.toSet());

        // when
        Set<String> exposed = new HashSet<>();
        for (String service : List.of(endpoints.http(), endpoints.processor(), endpoints.sink())) {
            FAMILY.matcher(scrape(service)).results().map(match -> match.group(1)).forEach(exposed::add);
        }

        // then
        assertThat(exposed).isNotEmpty().isSubsetOf(declared);
    }

    private static String scrape(String service) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            return client
                    .send(HttpRequest.newBuilder(URI.create(service + "/metrics")).build(), BodyHandlers.ofString())
                    .body();
        }
    }
}
