package io.firstcome.embedded;

import org.apache.kafka.common.utils.Exit;

/**
 * Keeps a failing broker from ending this JVM. Kafka exits the JVM on a fatal error of its port, disk or metadata. Here
 * the JVM also runs other code, so the Kafka thread gets an exception instead. Kafka has already logged the reason.
 */
final class BrokerExit {

    private BrokerExit() {}

    /** Takes effect until the JVM ends, because a broker may fail as late as during its shutdown. */
    static void forbid() {
        Exit.setExitProcedure(BrokerExit::reject);
        Exit.setHaltProcedure(BrokerExit::reject);
    }

    private static void reject(int status, String message) {
        throw new BrokerFailure("Kafka failed with exit status " + status + (message == null ? "" : ": " + message));
    }

    /** Thrown in the Kafka thread that tried to exit the JVM. */
    static final class BrokerFailure extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private BrokerFailure(String message) {
            super(message);
        }
    }
}
