package io.firstcome.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Programs unpacked from their jars, shared by every data directory of this user. They lie in the user's cache and not
 * in the temporary directory: others can write that one, it is often memory, and its files may be swept away singly.
 */
final class BinaryCache {

    private BinaryCache() {}

    /**
     * The directory with the files of {@code name}, unpacked now if they are not there yet. Of several processes that
     * ask at once one unpacks and the others wait.
     *
     * @throws ServerStartFailure when there is no room for them, or no right to write
     */
    static synchronized Path directoryOf(String name, FileTree.Filling unpacking) {
        Path directory = home().resolve(name);
        try {
            return Files.isDirectory(directory) ? directory : unpacked(directory, unpacking);
        } catch (IOException e) {
            throw new ServerStartFailure(name + " cannot be unpacked into " + directory + " (" + e + "): "
                    + "make room there and make it writable, or set XDG_CACHE_HOME to another directory", e);
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
