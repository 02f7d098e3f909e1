package io.firstcome.embedded;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;

import io.firstcome.embedded.process.ChildProcess;
import io.firstcome.embedded.process.DataDir;
import io.firstcome.embedded.process.FreePort;
import io.firstcome.embedded.process.Loopback;

/** A real MariaDB. The first start creates an empty database {@code firstcome}. The data survive a restart. */
public final class EmbeddedMariaDb extends ChildServer {

    private static final String NAME = "MariaDB";
    private static final String DATABASE = "firstcome";

    private static final int FIRST_BYTES = 5;
    private static final int PROTOCOL_VERSION = 10;

    private EmbeddedMariaDb(int port, DataDir dataDir, ChildProcess process) {
        super(port, dataDir, process);
    }

    /**
     * Starts a server and returns when it accepts connections. The first start of a user unpacks 350 MB into the cache
     * directory.
     *
     * @param dataDir the server's directory, created if necessary
     * @param port the port on the loopback interface, or 0 for any free port
     * @throws ServerStartFailure when the server cannot be started
     */
    public static EmbeddedMariaDb start(Path dataDir, int port) {
        int free = FreePort.resolve(NAME, port);
        return DataDir.startIn(dataDir, locked -> start(locked, free));
    }

    /** The JDBC URL of the database {@code firstcome} for Connector/J: user root, no password. */
    public String jdbcUrl() {
        return jdbcUrl(DATABASE);
    }

    /** The JDBC URL of another database; the first connection creates it. */
    public String jdbcUrl(String database) {
        return "jdbc:mysql://" + Loopback.ADDRESS + ":" + port() + "/" + database
                + "?user=root&createDatabaseIfNotExist=true";
    }

    private static EmbeddedMariaDb start(DataDir dataDir, int port) {
        MariaDbProgram program = MariaDbProgram.unpacked();
        Path temporary = dataDir.subdirectory("tmp");
        Path data = dataDir.filled("data", empty -> program.install(empty, temporary, dataDir.resolve("install.log")));
        Path log = dataDir.resolve("mariadb.log");
        ChildProcess process = ChildProcess.launch(NAME, command(program, dataDir, data, temporary, port),
                dataDir.path(), log);
        process.awaitReady(() -> Loopback.probe(port, EmbeddedMariaDb::greets));
        return new EmbeddedMariaDb(port, dataDir, process);
    }

    private static List<String> command(MariaDbProgram program, DataDir dataDir, Path data, Path temporary, int port) {
        Path setup = dataDir.write("setup.sql", "CREATE DATABASE IF NOT EXISTS " + DATABASE + ";\n");
        return program.server(data,
                "--tmpdir=" + temporary,
                "--init-file=" + setup,
                // Relative to the data directory, because the full path of a socket is limited to 107 characters.
                "--socket=mariadb.sock",
                "--bind-address=" + Loopback.ADDRESS,
                "--port=" + port,
                "--skip-name-resolve",
                "--skip-ssl",
                "--character-set-server=utf8mb4",
                "--max-allowed-packet=64M",
                "--max-connections=200");
    }

    /** The server sends the first packet: a header of 4 bytes, then the protocol version, or 255 for an error. */
    private static boolean greets(Socket socket) throws IOException {
        byte[] first = socket.getInputStream().readNBytes(FIRST_BYTES);
        return first.length == FIRST_BYTES && first[FIRST_BYTES - 1] == PROTOCOL_VERSION;
    }
}
