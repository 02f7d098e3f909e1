package io.firstcome.embedded;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import io.firstcome.embedded.process.BinaryCache;
import io.firstcome.embedded.process.ChildProcess;
import io.firstcome.embedded.process.DataDir;
import io.firstcome.embedded.process.FreePort;
import io.firstcome.embedded.process.Loopback;
import io.firstcome.embedded.process.ServerStartFailure;
import redis.embedded.core.ExecutableProvider;
import redis.embedded.model.OsArchitecture;

/** A real redis-server without persistence. A restart loads only data that a {@code SAVE} wrote to its directory. */
public final class EmbeddedRedis extends ChildServer {

    private static final String NAME = "Redis";
    /** Names another redis-server or valkey-server, so that tests can run on it. */
    private static final String PROGRAM = "FIRSTCOME_TEST_REDIS_SERVER";

    private EmbeddedRedis(int port, DataDir dataDir, ChildProcess process) {
        super(port, dataDir, process);
    }

    /**
     * Starts a server and returns when it answers PING.
     *
     * @param dataDir the server's directory, created if necessary; holds the log, and a dump after {@code SAVE}
     * @param port the port on the loopback interface, or 0 for any free port
     * @param options further options of redis-server, for example {@code --cluster-enabled yes}
     * @throws ServerStartFailure when the server cannot be started
     */
    public static EmbeddedRedis start(Path dataDir, int port, String... options) {
        int free = FreePort.resolve(NAME, port);
        return DataDir.startIn(dataDir, locked -> start(locked, free, command(free, options)));
    }

    /**
     * Starts a sentinel, without any server that it watches, and returns when it answers PING.
     *
     * @param dataDir the sentinel's directory, created if necessary; holds the log and the configuration
     * @param port the port on the loopback interface, or 0 for any free port
     * @param lines the rest of its configuration, such as {@code sentinel monitor gate 127.0.0.1 6379 1}
     * @throws ServerStartFailure when the sentinel cannot be started
     */
    public static EmbeddedRedis startSentinel(Path dataDir, int port, List<String> lines) {
        int free = FreePort.resolve(NAME, port);
        return DataDir.startIn(dataDir, locked -> {
            String configuration = "bind %s\nport %d\n%s\n".formatted(Loopback.ADDRESS, free,
                    String.join("\n", lines));
            Path file = locked.write("sentinel.conf", configuration).toAbsolutePath();
            return start(locked, free, List.of(executable().toString(), file.toString(), "--sentinel"));
        });
    }

    /** The URI {@code redis://127.0.0.1:PORT}. */
    public String uri() {
        return "redis://" + Loopback.ADDRESS + ":" + port();
    }

    private static EmbeddedRedis start(DataDir dataDir, int port, List<String> command) {
        Path log = dataDir.resolve("redis.log");
        ChildProcess process = ChildProcess.launch(NAME, command, dataDir.path(), log);
        process.awaitReady(() -> Loopback.probe(port, EmbeddedRedis::answersPing));
        return new EmbeddedRedis(port, dataDir, process);
    }

    private static List<String> command(int port, String... options) {
        return Stream.concat(Stream.of(executable().toString(),
                "--bind", Loopback.ADDRESS,
                "--port", String.valueOf(port),
                "--save", "",
                "--appendonly", "no",
                "--maxmemory-policy", "noeviction",
                "--lazyfree-lazy-expire", "yes"), Stream.of(options)).toList();
    }

    private static Path executable() {
        String named = System.getenv(PROGRAM);
        if (named != null && !named.isBlank()) {
            return Path.of(named.strip());
        }
        String resource = ExecutableProvider.newProvidedVersionsMap().get(OsArchitecture.detectOSandArchitecture());
        if (resource == null) {
            throw new ServerStartFailure("there is no embedded Redis for this platform: use an external one");
        }
        String program = Path.of(resource).getFileName().toString();
        return BinaryCache.directoryOf(program, EmbeddedRedis::unpack).resolve(program);
    }

    private static void unpack(Path directory) throws IOException {
        ExecutableProvider.newJarResourceProvider(directory.toFile()).get();
    }

    private static boolean answersPing(Socket socket) throws IOException {
        socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
        return socket.getInputStream().read() == '+';
    }
}
