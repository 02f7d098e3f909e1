package io.firstcome.embedded;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import redis.embedded.core.ExecutableProvider;
import redis.embedded.model.OsArchitecture;

/** A real redis-server. It keeps everything in memory; only what a {@code SAVE} left in its directory is there again. */
public final class EmbeddedRedis extends ChildServer {

    private static final String NAME = "Redis";

    private EmbeddedRedis(int port, DataDir dataDir, ChildProcess process) {
        super(port, dataDir, process);
    }

    /**
     * Returns when it serves.
     *
     * @param dataDir its own directory, created where missing; only its log goes there by itself
     * @param port the loopback port to serve on, or 0 for any
     * @param options more of redis-server's own, such as {@code --cluster-enabled yes}
     * @throws ServerStartFailure when it cannot
     */
    public static EmbeddedRedis start(Path dataDir, int port, String... options) {
        int free = FreePort.resolve(NAME, port);
        return DataDir.holdFor(dataDir, held -> serve(held, free, options));
    }

    /** {@code redis://127.0.0.1:PORT}. */
    public String uri() {
        return "redis://" + Loopback.ADDRESS + ":" + port();
    }

    private static EmbeddedRedis serve(DataDir dataDir, int port, String... options) {
        Path log = dataDir.resolve("redis.log");
        ChildProcess process = ChildProcess.launch(NAME, command(port, options), dataDir.path(), log);
        process.awaitAnswer(() -> Loopback.ask(port, EmbeddedRedis::answersPing));
        return new EmbeddedRedis(port, dataDir, process);
    }

    private static List<String> command(int port, String... options) {
        return Stream.concat(Stream.of(executable().toString(),
                "--bind", Loopback.ADDRESS,
                "--port", String.valueOf(port),
                "--save", "",
                "--appendonly", "no",
                "--maxmemory-policy", "noeviction"), Stream.of(options)).toList();
    }

    private static Path executable() {
        String resource = ExecutableProvider.newProvidedVersionsMap().get(OsArchitecture.detectOSandArchitecture());
        if (resource == null) {
            throw new ServerStartFailure("there is no embedded Redis for this platform: use a running one");
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
