package io.firstcome.system;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;

import io.firstcome.embedded.BrokerSecurity;
import io.firstcome.embedded.EmbeddedKafka;
import io.firstcome.kit.service.Environment;
import io.firstcome.kit.settings.KafkaConnection;

/** A broker that demands SASL_SSL with SCRAM-SHA-512, and that gives users the rights of the documentation only. */
final class SecuredKafka implements AutoCloseable {

    private static final String ADMIN = "admin";
    private static final String KEYSTORE_PASSWORD = "of-the-keystore";
    private static final List<String> USERS = List.of(ADMIN, "processor", "ingress", "sink", "operator");

    private final Path directory;
    private final EmbeddedKafka kafka;

    private SecuredKafka(Path directory, EmbeddedKafka kafka) {
        this.directory = directory;
        this.kafka = kafka;
    }

    static SecuredKafka start(Path directory) throws Exception {
        Path keystore = createKeystore(directory.resolve("broker.p12"));
        Map<String, String> passwords = new HashMap<>();
        for (String user : USERS) {
            passwords.put(user, password(user));
            Files.writeString(directory.resolve(user + ".jaas"), jaas(user, password(user)) + "\n");
        }
        Files.writeString(directory.resolve("broker.pem"), certificate(keystore));
        var secured = new SecuredKafka(directory, EmbeddedKafka.start(directory.resolve("kafka"),
                new BrokerSecurity(keystore, KEYSTORE_PASSWORD, passwords, ADMIN, RecordingAuthorizer.class)));
        secured.grant(KafkaRight.documented().stream().map(KafkaRight::binding).toList());
        return secured;
    }

    private static Path createKeystore(Path file) throws IOException, InterruptedException {
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process process = new ProcessBuilder(keytool.toString(), "-genkeypair", "-alias", "broker", "-keyalg", "EC",
                "-dname", "CN=broker", "-ext", "SAN=ip:127.0.0.1", "-storetype", "PKCS12", "-keystore",
                file.toString(), "-storepass", KEYSTORE_PASSWORD).inheritIO().start();
        if (process.waitFor() != 0) {
            throw new IllegalStateException("keytool failed");
        }
        return file;
    }

    private static String certificate(Path keystore) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream bytes = Files.newInputStream(keystore)) {
            store.load(bytes, KEYSTORE_PASSWORD.toCharArray());
        }
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII))
                        .encodeToString(store.getCertificate("broker").getEncoded())
                + "\n-----END CERTIFICATE-----\n";
    }

    static String password(String user) {
        return "password-of-" + user;
    }

    static String jaas(String user, String password) {
        return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + user + "\" password=\""
                + password + "\";";
    }

    /** The variables of a user, whose password is in a file. */
    Map<String, String> environment(String user) {
        return Map.of("FIRSTCOME_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(),
                "FIRSTCOME_KAFKA_SECURITY_PROTOCOL", "SASL_SSL", "FIRSTCOME_KAFKA_SASL_MECHANISM", "SCRAM-SHA-512",
                "FIRSTCOME_KAFKA_SASL_JAAS_CONFIG_FILE", directory.resolve(user + ".jaas").toString(),
                "FIRSTCOME_KAFKA_SSL_TRUSTSTORE_TYPE", "PEM",
                "FIRSTCOME_KAFKA_SSL_TRUSTSTORE_CERTIFICATES_FILE", directory.resolve("broker.pem").toString(),
                "FIRSTCOME_KAFKA_CLIENT_RACK", "rack-1");
    }

    KafkaConnection connection(String user) {
        return KafkaConnection.from(Environment.withFiles(environment(user)));
    }

    void grant(List<AclBinding> rights) throws ExecutionException, InterruptedException {
        try (Admin admin = admin()) {
            admin.createAcls(rights).all().get();
            await().until(() -> admin.describeAcls(AclBindingFilter.ANY).values().get().size() >= rights.size());
        }
    }

    void revoke(KafkaRight right) throws ExecutionException, InterruptedException {
        try (Admin admin = admin()) {
            var removed = admin.deleteAcls(List.of(right.binding().toFilter())).all().get();
            if (removed.size() != 1) {
                throw new IllegalArgumentException("there is no right " + right);
            }
            await().until(() -> admin.describeAcls(right.binding().toFilter()).values().get().isEmpty());
        }
    }

    private Admin admin() {
        return Admin.create(connection(ADMIN).client());
    }

    @Override
    public void close() {
        kafka.close();
    }
}
