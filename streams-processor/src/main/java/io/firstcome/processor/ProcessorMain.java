package io.firstcome.processor;

import io.firstcome.kit.service.ServiceMain;

/** Runs the authority in its own process. */
final class ProcessorMain {

    private ProcessorMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        ServiceMain.run("streams-processor",
                environment -> ProcessorService.start(ProcessorSettings.from(environment)));
    }
}
