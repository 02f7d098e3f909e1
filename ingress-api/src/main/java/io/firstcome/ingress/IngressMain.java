package io.firstcome.ingress;

import io.firstcome.kit.logging.LogSettings;
import io.firstcome.kit.logging.Logging;
import io.firstcome.kit.service.ServiceMain;

/** Runs one ingress, configured by environment variables. */
public final class IngressMain {

    private IngressMain() {}

    /** Takes no arguments. */
    public static void main(String[] arguments) throws InterruptedException {
        ServiceMain.run("ingress", environment -> {
            Logging.start(LogSettings.from(environment));
            return IngressService.start(IngressSettings.from(environment));
        });
    }
}
