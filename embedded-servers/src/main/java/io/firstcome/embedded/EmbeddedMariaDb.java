package io.firstcome.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A real MariaDB server as a child of this process, with an empty database {@code firstcome} and the user {@code root}
 * without a password. What it holds survives a restart on the same directory.
 */
public final class EmbeddedMariaDb implements AutoCloseable {

    private static final String DATABASE = "firstcome";
    private static final String INITIALISED = "initialised";

    private final DataDir data;
    private final int port;
    private final ChildProcess child;
    private boolean closed;

    private EmbeddedMariaDb(DataDir data, int port, ChildProcess child) {
        this.data = data;
        this.port = port;
        this.child = child;
    }

    /**
     * Starts a server on loopback.
     *
     * @param directory its data, created where missing
     * @param port its port, or 0 for a free one
     * @throws ServerStartFailure when the port is taken or the directory cannot be used
     */
    public static EmbeddedMariaDb start(Path directory, int port) {
        int actual = FreePort.pickIfZero(port);
        FreePort.require("MariaDB", actual);
        DataDir data = DataDir.hold(directory);
        try {
            Path programs = MariaDbBinaries.unpacked();
            initialise(programs, data);
            ChildProcess child = ChildProcess.launch("MariaDB", server(programs, data, actual), data.path(),
                    data.resolve("mariadb.log"));
            child.awaitAnswer(() -> answers(actual));
            return new EmbeddedMariaDb(data, actual, child);
        } catch (ServerStartFailure e) {
            data.close();
            throw e;
        }
    }

    private static void initialise(Path programs, DataDir data) {
        if (Files.exists(data.resolve(INITIALISED))) {
            return;
        }
        List<String> command = new ArrayList<>(List.of(programs.resolve("scripts/mariadb-install-db").toString(),
                "--no-defaults", "--basedir=" + programs, "--datadir=" + data.subdirectory("data"),
                "--auth-root-authentication-method=normal", "--skip-test-db"));
        command.addAll(userIfRoot());
        ChildProcess.launch("MariaDB's installation", command, data.path(), data.resolve("install.log"))
                .awaitSuccess();
        data.write(INITIALISED, "");
    }

    private static List<String> server(Path programs, DataDir data, int port) {
        List<String> command = new ArrayList<>(List.of(programs.resolve("bin/mariadbd").toString(), "--no-defaults",
                "--basedir=" + programs, "--datadir=" + data.resolve("data"), "--port=" + port,
                "--bind-address=127.0.0.1", "--socket=" + data.resolve("mysql.sock"),
                "--pid-file=" + data.resolve("mysql.pid"), "--character-set-server=utf8mb4",
                "--max-connections=200", "--init-file=" + data.write("init.sql",
                        "CREATE DATABASE IF NOT EXISTS " + DATABASE + " CHARACTER SET utf8mb4;\n")));
        command.addAll(userIfRoot());
        return command;
    }

    /** MariaDB refuses to run as root unless it is told to. */
    private static List<String> userIfRoot() {
        return "root".equals(System.getProperty("user.name")) ? List.of("--user=root") : List.of();
    }

    /** The server greets whoever connects; before it is ready it does not listen. */
    private static boolean answers(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.getInputStream().read() >= 0;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** The database's URL, with user. */
    public String jdbcUrl() {
        return jdbcUrl(DATABASE);
    }

    /** The URL of another database on this server, created at the first connection. */
    public String jdbcUrl(String database) {
        return "jdbc:mysql://127.0.0.1:" + port + "/" + database + "?user=root&createDatabaseIfNotExist=true";
    }

    /** Its process. */
    public long pid() {
        return child.pid();
    }

    /** Ends it as {@code kill -9} does; {@link #close} is still due. */
    public void kill() {
        child.kill();
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            child.end();
            data.close();
        }
    }
}
