package io.firstcome.processor;

import io.firstcome.kit.logging.LogSettings;
import io.firstcome.kit.logging.Logging;
import io.firstcome.kit.service.ServiceMain;

/** Runs the authority in its own process. */
final class ProcessorMain {

    private ProcessorMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        ServiceMain.run("streams-processor",
                environment -> {
                    Logging.start(LogSettings.from(environment));
                    return ProcessorService.start(ProcessorSettings.from(environment));
                });
    }
}
