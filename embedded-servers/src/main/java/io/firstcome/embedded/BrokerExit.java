package io.firstcome.embedded;

import org.apache.kafka.common.utils.Exit;

/**
 * Kafka ends its whole JVM when its port, its disk or its metadata are beyond help. Here that JVM is not Kafka's own,
 * so the thread that asks for the end gets an exception in its stead. Kafka has logged its reasons by then.
 */
final class BrokerExit {

    private BrokerExit() {}

    /** For the rest of this JVM's life, for a broker may despair as late as while it stops. */
    static void forbid() {
        Exit.setExitProcedure(BrokerExit::refuse);
        Exit.setHaltProcedure(BrokerExit::refuse);
    }

    private static void refuse(int status, String message) {
        throw new Refused("Kafka gave up with status " + status + (message == null ? "" : ": " + message));
    }

    /** What a Kafka thread gets in place of the end of the JVM. */
    static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private Refused(String message) {
            super(message);
        }
    }
}
