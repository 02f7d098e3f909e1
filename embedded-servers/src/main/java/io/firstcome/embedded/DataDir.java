package io.firstcome.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** A server's own directory. One server holds it at a time; the hold ends with {@link #close} or with the process. */
public final class DataDir implements AutoCloseable {

    /**
     * The directories held within this process. Asked before the lock file is opened, for on POSIX systems closing any
     * handle of a file gives up every lock that the process has on it.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel lockFile;

    private DataDir(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    /**
     * Creates the directory where it is missing and takes hold of it.
     *
     * @throws ServerStartFailure when it cannot be written or another server holds it
     */
    public static DataDir hold(Path directory) {
        try {
            Path path = Files.createDirectories(directory.toAbsolutePath()).toRealPath();
            if (!HELD.add(path)) {
                throw inUse(path);
            }
            return lock(path);
        } catch (IOException e) {
            throw unusable(directory, e);
        }
    }

    /**
     * Holds {@code directory} for the server that {@code start} makes in it. Where none comes of that, the hold ends.
     *
     * @throws ServerStartFailure when it cannot be held, or as {@code start} does
     */
    static <S> S holdFor(Path directory, Function<DataDir, S> start) {
        DataDir held = hold(directory);
        try {
            return start.apply(held);
        } catch (RuntimeException e) {
            held.close();
            throw e;
        }
    }

    /** The directory, absolute. */
    public Path path() {
        return path;
    }

    Path resolve(String name) {
        return path.resolve(name);
    }

    Path subdirectory(String name) {
        try {
            return Files.createDirectories(resolve(name));
        } catch (IOException e) {
            throw unusable(path, e);
        }
    }

    Path write(String name, String content) {
        try {
            return Files.writeString(resolve(name), content);
        } catch (IOException e) {
            throw unusable(path, e);
        }
    }

    /** A subdirectory that {@code filling} fills when it is missing, and that has its name only when it is complete. */
    Path filled(String name, FileTree.Filling filling) {
        try {
            return FileTree.filled(resolve(name), filling);
        } catch (IOException e) {
            throw unusable(path, e);
        }
    }

    @Override
    public void close() {
        try {
            lockFile.close();
            HELD.remove(path);
        } catch (IOException e) {
            throw new IllegalStateException("cannot let go of data directory " + path, e);
        }
    }

    private static DataDir lock(Path path) throws IOException {
        FileChannel lockFile = null;
        try {
            lockFile = FileChannel.open(path.resolve("owner.lock"), StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
            FileLock lock = lockFile.tryLock();
            if (lock == null) {
                throw inUse(path);
            }
            return new DataDir(path, lockFile);
        } catch (IOException | ServerStartFailure e) {
            HELD.remove(path);
            if (lockFile != null) {
                lockFile.close();
            }
            throw e;
        }
    }

    private static ServerStartFailure inUse(Path path) {
        return new ServerStartFailure("data directory " + path + " is in use by another server: stop that one first");
    }

    private static ServerStartFailure unusable(Path path, IOException cause) {
        return new ServerStartFailure("data directory " + path + " cannot be used (" + cause + "): "
                + "make it a directory that this user may write, or choose another", cause);
    }
}
