package io.firstcome.ingress;

import io.firstcome.kit.service.ServiceMain;

/** Runs one ingress, configured by environment variables. */
public final class IngressMain {

    private IngressMain() {}

    /** Takes no arguments. */
    public static void main(String[] arguments) throws InterruptedException {
        ServiceMain.run("ingress", environment -> IngressService.start(IngressSettings.from(environment)));
    }
}
