package io.firstcome.standalone.cli.run;

import java.nio.file.Path;

import io.firstcome.kit.settings.Credentials;
import io.firstcome.standalone.stack.Endpoints;

/** What {@code up} prints once everything is ready: first the console, then what to do next, then all addresses. */
final class NextSteps {

    private NextSteps() {}

    static String text(Endpoints endpoints, Path dataDirectory) {
        String file = quoted(Endpoints.fileIn(dataDirectory));
        String option = dataDirectory.equals(Path.of(Endpoints.DEFAULT_DIRECTORY))
                ? ""
                : " --data-dir " + quoted(dataDirectory);
        return """

                  console       %s/
                  its token     sed -n 's/^admin.token=//p' %s

                in another terminal:
                  ./firstcome coupon create welcome --stock 100%s
                  ./firstcome claim welcome mina%s
                  ./firstcome status%s
                  ./firstcome check%s

                  public API    %s/v1/coupons   (documentation at /docs)
                  admin API     %s/v1/coupons   (token in %s)
                  authority     %s
                  sink          %s
                  Kafka         %s
                  Redis         %s
                  MySQL         %s
                """.formatted(endpoints.admin(), file, option, option, option, option, endpoints.http(),
                endpoints.admin(), file, endpoints.processor(), endpoints.sink(), endpoints.kafka(),
                Credentials.hiddenIn(endpoints.redis()), Credentials.hiddenIn(endpoints.jdbc()));
    }

    /** The path as one word of a shell. */
    private static String quoted(Path path) {
        String text = path.toString();
        return text.matches("[\\w./+:@%-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
