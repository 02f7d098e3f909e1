package io.firstcome.gate.projection;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

import io.firstcome.embedded.process.ChildProcess;

/** A certificate of 127.0.0.1, not of localhost, which is its own authority. */
final class TlsFiles {

    private static final String STORE_PASSWORD = "changeit";
    private static final String TRUST_STORE = "javax.net.ssl.trustStore";
    private static final String TRUST_STORE_PASSWORD = "javax.net.ssl.trustStorePassword";

    private final Path directory;

    TlsFiles(Path directory) throws IOException, GeneralSecurityException {
        this.directory = directory.toAbsolutePath();
        ChildProcess.launch("keytool", List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1", "-alias", "redis", "-dname", "CN=redis",
                "-ext", "san=ip:127.0.0.1", "-validity", "2", "-storetype", "PKCS12", "-keystore",
                trustStore().toString(), "-storepass", STORE_PASSWORD), this.directory,
                this.directory.resolve("keytool.log")).awaitSuccess();
        KeyStore store = KeyStore.getInstance(trustStore().toFile(), STORE_PASSWORD.toCharArray());
        write("redis.crt", "CERTIFICATE", store.getCertificate("redis").getEncoded());
        write("redis.key", "PRIVATE KEY", store.getKey("redis", STORE_PASSWORD.toCharArray()).getEncoded());
        // A key store with a private key is no trust store.
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("redis", store.getCertificate("redis"));
        try (var out = Files.newOutputStream(trustStore())) {
            trusted.store(out, STORE_PASSWORD.toCharArray());
        }
    }

    private Path trustStore() {
        return directory.resolve("redis.p12");
    }

    private void write(String file, String type, byte[] der) throws IOException {
        Files.writeString(directory.resolve(file), "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + type + "-----\n");
    }

    /** The settings of a server or a sentinel: it also speaks TLS, and uses TLS to the other servers. */
    List<String> settings(int tlsPort) {
        return List.of("tls-port " + tlsPort, "tls-cert-file " + directory.resolve("redis.crt"),
                "tls-key-file " + directory.resolve("redis.key"),
                "tls-ca-cert-file " + directory.resolve("redis.crt"), "tls-auth-clients no", "tls-replication yes");
    }

    /** The {@link #settings} as options on the command line. */
    Stream<String> options(int tlsPort) {
        return settings(tlsPort).stream().flatMap(setting -> Stream.of(("--" + setting).split(" ")));
    }

    /** Makes the JVM trust the certificate during some work. */
    void trustDuring(Runnable work) {
        System.setProperty(TRUST_STORE, trustStore().toString());
        System.setProperty(TRUST_STORE_PASSWORD, STORE_PASSWORD);
        try {
            work.run();
        } finally {
            System.clearProperty(TRUST_STORE);
            System.clearProperty(TRUST_STORE_PASSWORD);
        }
    }
}
