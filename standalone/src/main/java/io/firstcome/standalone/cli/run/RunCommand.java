package io.firstcome.standalone.cli.run;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

import io.firstcome.ingress.IngressService;
import io.firstcome.ingress.IngressSettings;
import io.firstcome.kit.logging.LogSettings;
import io.firstcome.kit.logging.Logging;
import io.firstcome.kit.service.Environment;
import io.firstcome.kit.service.ServiceMain;
import io.firstcome.kit.service.StartFailure;
import io.firstcome.kit.settings.Setting;
import io.firstcome.processor.ProcessorService;
import io.firstcome.processor.ProcessorSettings;
import io.firstcome.sink.SinkService;
import io.firstcome.sink.SinkSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Runs one service against external servers. Its settings are environment variables. */
@Command(name = "run", mixinStandardHelpOptions = true, sortOptions = false,
        header = "Run one service in the foreground against external servers.",
        description = "The settings are environment variables (docs/settings.md). Exit code 2: a setting is missing or"
                + " wrong, 70: the service stopped itself and may be restarted.")
public final class RunCommand implements Callable<Integer> {

    private static final String KAFKA = "FIRSTCOME_KAFKA_BOOTSTRAP_SERVERS";

    @Parameters(index = "0", paramLabel = "SERVICE", description = "One of: ${COMPLETION-CANDIDATES}.")
    private Role role;

    /** The services. */
    enum Role {
        INGRESS, PROCESSOR, SINK;

        /** The settings that a service on its own machine cannot do without, although most have a default. */
        List<String> required() {
            return switch (this) {
                case INGRESS -> List.of(KAFKA, "FIRSTCOME_REDIS_URL", "FIRSTCOME_PROCESSOR_URL", "FIRSTCOME_SINK_URL",
                        "FIRSTCOME_ADMIN_TOKEN");
                case PROCESSOR -> List.of(KAFKA, "FIRSTCOME_STATE_DIR");
                case SINK -> List.of(KAFKA, "FIRSTCOME_JDBC_URL");
            };
        }

        private List<Setting<?>> settings() {
            return switch (this) {
                case INGRESS -> IngressSettings.ALL;
                case PROCESSOR -> ProcessorSettings.ALL;
                case SINK -> SinkSettings.ALL;
            };
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        requireSettings(role, Environment.read());
        ServiceMain.run(role.toString(), environment -> {
            Logging.start(LogSettings.from(environment));
            return switch (role) {
                case INGRESS -> IngressService.start(IngressSettings.from(environment));
                case PROCESSOR -> ProcessorService.start(ProcessorSettings.from(environment));
                case SINK -> SinkService.start(SinkSettings.from(environment));
            };
        });
        return 0;
    }

    /** @throws StartFailure naming each setting that is missing */
    static void requireSettings(Role role, Map<String, String> environment) {
        List<String> missing = role.required().stream().filter(key -> environment.getOrDefault(key, "").isBlank())
                .toList();
        if (!missing.isEmpty()) {
            String first = missing.getFirst();
            String meaning = role.settings().stream().filter(setting -> setting.key().equals(first))
                    .map(Setting::meaning).findFirst().orElseThrow();
            throw new StartFailure("run " + role + " needs " + String.join(", ", missing) + " in the environment. "
                    + first + ": " + meaning + " All settings: docs/settings.md");
        }
    }
}
