package io.firstcome.sink;

import io.firstcome.kit.logging.LogSettings;
import io.firstcome.kit.logging.Logging;
import io.firstcome.kit.service.ServiceMain;

/** Runs the sink as a process. */
final class SinkMain {

    private SinkMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        ServiceMain.run("db-sink", environment -> {
            Logging.start(LogSettings.from(environment));
            return SinkService.start(SinkSettings.from(environment));
        });
    }
}
