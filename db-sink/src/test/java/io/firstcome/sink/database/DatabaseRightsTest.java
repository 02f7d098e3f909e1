package io.firstcome.sink.database;

import static io.firstcome.testkit.fixture.CouponFixture.OPENS_AT;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.couponWithStock;
import static io.firstcome.testkit.fixture.OutcomeFixture.changed;
import static io.firstcome.testkit.fixture.OutcomeFixture.issued;
import static io.firstcome.testkit.fixture.OutcomeFixture.revoked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import io.firstcome.contract.CouponOutcome.CouponChanged.Change;
import io.firstcome.kit.service.StartFailure;
import io.firstcome.sink.batch.IssuanceBatch;
import io.firstcome.sink.fixture.DatabaseServer;
import io.firstcome.sink.fixture.TestDatabase;
import io.firstcome.sink.mysql.MySqlWriter;
import io.firstcome.sink.mysql.OffsetStep;
import io.firstcome.sink.mysql.WriteResult.Written;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** The sink with the rights that {@code docs/protection.md} lists, and over TLS on MySQL. */
@ParameterizedClass
@EnumSource(DatabaseServer.class)
class DatabaseRightsTest {

    private static final Path PAGE = Path.of("..", "docs", "protection.md");
    private static final String PASSWORD = "a-password";
    private static final String TOPIC = "coupon-outcomes";
    private static final String TRUSTSTORE_PASSWORD = "changeit";

    private static final List<String> USERS = new ArrayList<>();

    private static TestDatabase test;
    private static String database;
    private static String host;
    private static boolean demandsTls;
    private static int round;

    @Parameter
    private DatabaseServer server;
    @TempDir
    private Path directory;

    /** Some operations on one table, or on the database. */
    private record Right(String user, String table, String operation) {}

    private static List<Right> documented(String user) throws Exception {
        try (Stream<String> lines = Files.lines(PAGE)) {
            return lines.map(line -> line.split("\\s*\\|\\s*"))
                    .filter(cells -> cells.length == 5 && cells[1].equals("`" + user + "`")
                            && cells[2].matches("database|table"))
                    .flatMap(cells -> Arrays.stream(cells[4].split(",\\s*")).map(operation -> new Right(user,
                            cells[2].equals("database") ? "*" : cells[3].replace("`", ""), operation)))
                    .toList();
        }
    }

    @BeforeParameterizedClassInvocation
    static void create(DatabaseServer server) throws Exception {
        test = TestDatabase.create(server);
        demandsTls = server == DatabaseServer.MYSQL;
        database = test.query("SELECT DATABASE()");
        host = test.query("SELECT SUBSTRING_INDEX(USER(), '@', -1)");
        createUser("owner");
        grant("owner");
        try (Database owned = open("owner", "")) {
            owned.prepare();
        }
        createUser("sink");
        grant("sink");
    }

    @AfterParameterizedClassInvocation
    static void drop() throws Exception {
        // The class was skipped before it created a database.
        if (test != null) {
            for (String user : USERS) {
                test.execute("DROP USER " + user);
            }
            USERS.clear();
            test.close();
            test = null;
        }
    }

    private static void createUser(String role) throws Exception {
        test.execute("CREATE USER " + account(role) + " IDENTIFIED BY '" + PASSWORD + "' REQUIRE "
                + (demandsTls ? "SSL" : "NONE"));
        USERS.add(account(role));
    }

    private static String account(String role) {
        return "'" + role + "_" + database.substring(0, 16) + "'@'" + host + "'";
    }

    private static void grant(String role) throws Exception {
        for (Right right : documented(role)) {
            test.execute("GRANT " + on(right) + " TO " + account(role));
        }
    }

    private static String on(Right right) {
        return right.operation() + " ON " + database + "." + right.table();
    }

    private static Database open(String role, String options) {
        String url = test.url().replaceFirst("\\?.*", "")
                + (demandsTls && options.isEmpty() ? "?sslMode=REQUIRED" : options);
        return Database.open(new DatabaseSettings(url, role + "_" + database.substring(0, 16), PASSWORD, 2, 2),
                new SimpleMeterRegistry());
    }

    @Test
    void shouldNeedEveryDocumentedRightAndNoOther() throws Exception {
        // given
        assertThat(store(true)).as("with all rights").isTrue();
        List<Right> rights = documented("sink");

        // when
        List<Right> notNeeded = new ArrayList<>();
        for (Right right : rights) {
            test.execute("REVOKE " + on(right) + " FROM " + account("sink"));
            if (store(right.table().startsWith("flyway"))) {
                notNeeded.add(right);
            }
            test.execute("GRANT " + on(right) + " TO " + account("sink"));
        }

        // then
        assertThat(rights).hasSizeGreaterThan(10);
        assertThat(notNeeded).isEmpty();
        assertThat(store(true)).isTrue();
    }

    /**
     * Whether the user can do what the sink does: store a row, compare a row that is there, and mark a revocation.
     *
     * @param prepares whether also to look for migrations, which takes long
     */
    private static boolean store(boolean prepares) {
        round++;
        try (Database opened = open("sink", "")) {
            if (prepares) {
                opened.prepare();
            }
            var writer = new MySqlWriter(opened.connections());
            if (!writer.topicId(TOPIC, "topic-id").equals("topic-id") || writer.position(TOPIC, round) != 0) {
                return false;
            }
            return writer.write(new OffsetStep(TOPIC, round, 0, 4), IssuanceBatch.of(List.of(
                    changed("a1", Change.CREATED, couponWithStock(100), OPENS_AT), issued("r0", "amy", 1, at(1)),
                    issued("r" + round, "user-" + round, 1 + round, at(1)),
                    revoked("v" + round, "user-" + round, 1 + round, "r" + round, round, at(2))))) instanceof Written;
        } catch (DatabaseUnavailable _) {
            return false;
        }
    }

    @Test
    void shouldConnectOverTlsAndVerifyTheServer() throws Exception {
        // given
        Assumptions.assumeTrue(server == DatabaseServer.MYSQL, "MariaDB is tested without TLS");
        String authority = test.query("SELECT LOAD_FILE(CONCAT(@@datadir, @@ssl_ca))");
        Assumptions.assumeTrue(authority != null, "the server does not show its certificate authority");
        String verified = "?sslMode=VERIFY_CA&trustCertificateKeyStoreType=PKCS12&trustCertificateKeyStorePassword="
                + TRUSTSTORE_PASSWORD + "&trustCertificateKeyStoreUrl=" + truststore(authority).toUri();

        // when
        String cipher;
        try (Database opened = open("sink", verified);
                Connection connection = opened.connections().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW STATUS LIKE 'Ssl_cipher'")) {
            row.next();
            cipher = row.getString(2);
        }

        // then
        assertThat(cipher).isNotEmpty();
        assertThatThrownBy(() -> open("sink", "?sslMode=DISABLED&allowPublicKeyRetrieval=true").close())
                .isInstanceOf(StartFailure.class).hasMessageContaining("Access denied")
                .hasMessageNotContaining(PASSWORD);
        try (Database unverified = open("sink", "?sslMode=VERIFY_CA")) {
            assertThatThrownBy(unverified::ping).isInstanceOf(DatabaseUnavailable.class);
        }
    }

    private Path truststore(String certificate) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("mysql", CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(certificate.getBytes())));
        Path file = directory.resolve("mysql.p12");
        try (OutputStream bytes = Files.newOutputStream(file)) {
            store.store(bytes, TRUSTSTORE_PASSWORD.toCharArray());
        }
        return file;
    }
}
