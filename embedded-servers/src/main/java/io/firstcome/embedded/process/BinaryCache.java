package io.firstcome.embedded.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Server programs unpacked from their jars, shared by all data directories of this user. They are stored in the user's
 * cache directory and not in the temporary directory, because the temporary directory is writable by other users, is
 * often in memory, and may lose single files to a cleanup job.
 */
public final class BinaryCache {

    private BinaryCache() {}

    /**
     * Returns the directory with the files of {@code name} and unpacks them if necessary. When several processes need
     * them at the same time, one unpacks and the others wait.
     *
     * @throws ServerStartFailure when the directory cannot be written
     */
    public static synchronized Path directoryOf(String name, FileTree.Filling unpacking) {
        Path directory = home().resolve(name);
        try {
            return Files.isDirectory(directory) ? directory : unpacked(directory, unpacking);
        } catch (IOException e) {
            throw new ServerStartFailure(name + " cannot be unpacked into " + directory + " (" + e + "): "
                    + "check free space and permissions, or set XDG_CACHE_HOME to another directory", e);
        }
    }

    private static Path unpacked(Path directory, FileTree.Filling unpacking) throws IOException {
        Files.createDirectories(directory.getParent());
        Path lockFile = directory.resolveSibling(directory.getFileName() + ".lock");
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = channel.lock()) {
            return FileTree.filled(directory, unpacking);
        }
    }

    private static Path home() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path parent = cache == null || cache.isBlank()
                ? Path.of(System.getProperty("user.home"), ".cache")
                : Path.of(cache);
        return parent.resolve("firstcome").toAbsolutePath();
    }
}
