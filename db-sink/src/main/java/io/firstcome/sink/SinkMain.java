package io.firstcome.sink;

import io.firstcome.kit.service.ServiceMain;

/** Runs the sink as a process. */
final class SinkMain {

    private SinkMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        ServiceMain.run("db-sink", environment -> SinkService.start(SinkSettings.from(environment)));
    }
}
