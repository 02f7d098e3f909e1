package io.firstcome.embedded.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** A server's data directory. One server locks it at a time, until {@link #close} or until the process ends. */
public final class DataDir implements AutoCloseable {

    /**
     * The directories locked by this process. They are checked before the lock file is opened, because on POSIX systems
     * closing any handle of a file releases all locks that the process has on it.
     */
    private static final Set<Path> LOCKED = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel lockFile;

    private DataDir(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    /**
     * Creates the directory if necessary and locks it.
     *
     * @throws ServerStartFailure when the directory is not writable or another server has locked it
     */
    public static DataDir lock(Path directory) {
        try {
            Path path = Files.createDirectories(directory.toAbsolutePath()).toRealPath();
            if (!LOCKED.add(path)) {
                throw inUse(path);
            }
            return openLockFile(path);
        } catch (IOException e) {
            throw unusable(directory, e);
        }
    }

    /**
     * Locks {@code directory} and starts a server in it. When the start fails, the directory is unlocked.
     *
     * @throws ServerStartFailure when the directory cannot be locked, or when {@code start} throws it
     */
    public static <S> S startIn(Path directory, Function<DataDir, S> start) {
        DataDir dataDir = lock(directory);
        try {
            return start.apply(dataDir);
        } catch (RuntimeException e) {
            dataDir.close();
            throw e;
        }
    }

    /** The absolute path. */
    public Path path() {
        return path;
    }

    public Path resolve(String name) {
        return path.resolve(name);
    }

    public Path subdirectory(String name) {
        try {
            return Files.createDirectories(resolve(name));
        } catch (IOException e) {
            throw unusable(path, e);
        }
    }

    public Path write(String name, String content) {
        try {
            return Files.writeString(resolve(name), content);
        } catch (IOException e) {
            throw unusable(path, e);
        }
    }

    /** The subdirectory {@code name}; {@code filling} writes its content when it does not exist yet. */
    public Path filled(String name, FileTree.Filling filling) {
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
            LOCKED.remove(path);
        } catch (IOException e) {
            throw new IllegalStateException("cannot unlock data directory " + path, e);
        }
    }

    private static DataDir openLockFile(Path path) throws IOException {
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
            LOCKED.remove(path);
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
                + "make it a writable directory, or choose another", cause);
    }
}
