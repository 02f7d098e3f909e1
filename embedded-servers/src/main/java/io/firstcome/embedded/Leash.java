package io.firstcome.embedded;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Ties a child's life to ours, where the system offers it: {@code setpriv} has the kernel end the child when we end, even
 * by {@code kill -9}, and {@code setsid} keeps a terminal's Ctrl-C from it, so that it is closed in good order by us.
 */
final class Leash {

    private static final Optional<Path> SETPRIV = onPath("setpriv");
    private static final Optional<Path> SETSID = onPath("setsid");

    private Leash() {}

    /** The command with what ties it put before it. */
    static List<String> around(List<String> command) {
        List<String> leashed = new ArrayList<>();
        SETPRIV.ifPresent(setpriv -> leashed.addAll(List.of(setpriv.toString(), "--pdeathsig", "KILL")));
        SETSID.ifPresent(setsid -> leashed.add(setsid.toString()));
        leashed.addAll(command);
        return leashed;
    }

    private static Optional<Path> onPath(String program) {
        return Stream.ofNullable(System.getenv("PATH"))
                .flatMap(path -> Arrays.stream(path.split(File.pathSeparator)))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
