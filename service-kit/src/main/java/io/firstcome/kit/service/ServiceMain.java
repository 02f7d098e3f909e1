package io.firstcome.kit.service;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/** The main method that all services share: start, say where, wait for the signal, stop in good order. */
public final class ServiceMain {

    /** Exit code of a service that could not start because of something a person can mend. */
    public static final int CANNOT_START = 2;

    private ServiceMain() {}

    /** Runs a service until the process is told to end. */
    public static void run(String name, Function<Map<String, String>, ? extends Service> start)
            throws InterruptedException {
        try {
            Service service = start.apply(System.getenv());
            Runtime.getRuntime().addShutdownHook(new Thread(service::close, "stop-" + name));
            System.out.println(name + " ready: " + service.url());
            new CountDownLatch(1).await();
        } catch (StartFailure failure) {
            System.err.println(name + ": " + failure.getMessage());
            System.exit(CANNOT_START);
        }
    }
}
