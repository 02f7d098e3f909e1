package io.firstcome.embedded;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;

/** A real MariaDB with one empty database, {@code firstcome}, made at the first start. Its data survive restarts. */
public final class EmbeddedMariaDb extends ChildServer {

    private static final String NAME = "MariaDB";
    private static final String DATABASE = "firstcome";

    private static final int FIRST_BYTES = 5;
    private static final int PROTOCOL_VERSION = 10;

    private EmbeddedMariaDb(int port, DataDir dataDir, ChildProcess process) {
        super(port, dataDir, process);
    }

    /**
     * Returns when it serves. The first start of all on a machine unpacks 350 MB into the user's cache.
     *
     * @param dataDir its own directory, created where missing
     * @param port the loopback port to serve on, or 0 for any
     * @throws ServerStartFailure when it cannot
     */
    public static EmbeddedMariaDb start(Path dataDir, int port) {
        int free = FreePort.resolve(NAME, port);
        return DataDir.holdFor(dataDir, held -> serve(held, free));
    }

    /** The {@code firstcome} database for Connector/J, with the user in it and no password. */
    public String jdbcUrl() {
        return jdbcUrl(DATABASE);
    }

    /** Another database on this server, likewise; the first connection creates it. */
    public String jdbcUrl(String database) {
        return "jdbc:mysql://" + Loopback.ADDRESS + ":" + port() + "/" + database
                + "?user=root&createDatabaseIfNotExist=true";
    }

    private static EmbeddedMariaDb serve(DataDir dataDir, int port) {
        MariaDbProgram program = MariaDbProgram.unpacked();
        Path data = dataDir.filled("data", empty -> program.install(empty, dataDir.resolve("install.log")));
        Path log = dataDir.resolve("mariadb.log");
        ChildProcess process = ChildProcess.launch(NAME, command(program, dataDir, data, port), dataDir.path(),
                log);
        process.awaitAnswer(() -> Loopback.ask(port, EmbeddedMariaDb::greets));
        return new EmbeddedMariaDb(port, dataDir, process);
    }

    private static List<String> command(MariaDbProgram program, DataDir dataDir, Path data, int port) {
        Path setup = dataDir.write("setup.sql", "CREATE DATABASE IF NOT EXISTS " + DATABASE + ";\n");
        return program.server(data,
                "--tmpdir=" + dataDir.subdirectory("tmp"),
                "--init-file=" + setup,
                // Relative to the data directory: the whole path of a socket must not exceed 107 characters.
                "--socket=mariadb.sock",
                "--bind-address=" + Loopback.ADDRESS,
                "--port=" + port,
                "--skip-name-resolve",
                "--skip-ssl",
                "--character-set-server=utf8mb4",
                "--max-allowed-packet=64M",
                "--max-connections=200");
    }

    /** The server speaks first: a packet header of four bytes, then its protocol's version or an error's 255. */
    private static boolean greets(Socket socket) throws IOException {
        byte[] first = socket.getInputStream().readNBytes(FIRST_BYTES);
        return first.length == FIRST_BYTES && first[FIRST_BYTES - 1] == PROTOCOL_VERSION;
    }
}
