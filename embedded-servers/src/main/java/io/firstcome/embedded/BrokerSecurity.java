package io.firstcome.embedded;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.firstcome.embedded.process.FreePort;
import io.firstcome.embedded.process.Loopback;

/**
 * What a broker demands of its clients: TLS, a user with a password (SCRAM-SHA-512), and rights (ACLs). The broker and
 * its controller talk to each other in the clear on the loopback interface.
 *
 * @param keystore the broker's key and certificate (PKCS 12)
 * @param keystorePassword the password of the keystore and of its key
 * @param passwords the password of each user
 * @param superUser the user who has all rights and gives rights to the others
 * @param authorizer the class that decides about rights, such as Kafka's StandardAuthorizer
 */
public record BrokerSecurity(Path keystore, String keystorePassword, Map<String, String> passwords, String superUser,
        Class<?> authorizer) {

    private static final String MECHANISM = "SCRAM-SHA-512";

    void addTo(Map<String, String> settings, int port) {
        String clients = "CLIENT://" + Loopback.ADDRESS + ":" + port;
        String broker = "BROKER://" + Loopback.ADDRESS + ":" + FreePort.pick();
        String controller = settings.get("listeners").replaceFirst(".*,(?=CONTROLLER)", "");
        settings.put("listeners", String.join(",", clients, broker, controller));
        settings.put("advertised.listeners", clients + "," + broker);
        settings.put("listener.security.protocol.map", "CLIENT:SASL_SSL,BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("inter.broker.listener.name", "BROKER");
        settings.put("sasl.enabled.mechanisms", MECHANISM);
        settings.put("listener.name.client.scram-sha-512.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;");
        settings.put("ssl.keystore.type", "PKCS12");
        settings.put("ssl.keystore.location", keystore.toString());
        settings.put("ssl.keystore.password", keystorePassword);
        settings.put("ssl.key.password", keystorePassword);
        settings.put("authorizer.class.name", authorizer.getName());
        // A connection in the clear has no user. Only broker and controller know these ports.
        settings.put("super.users", "User:" + superUser + ";User:ANONYMOUS");
    }

    /** The users, for the command that formats the storage. */
    List<String> formatArguments() {
        List<String> arguments = new ArrayList<>();
        passwords.forEach((user, password) -> {
            arguments.add("--add-scram");
            arguments.add(MECHANISM + "=[name=" + user + ",password=" + password + "]");
        });
        return arguments;
    }
}
