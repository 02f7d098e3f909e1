package io.firstcome.bench.system;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A build of FirstCome that can be started.
 *
 * @param name the name in the report
 * @param command the command line before the arguments of the program
 */
public record FirstComeBuild(String name, List<String> command) {

    private static final String MAIN = "io.firstcome.standalone.cli.FirstCome";

    public FirstComeBuild {
        command = List.copyOf(command);
    }

    /**
     * A build at a location.
     *
     * @param location a project directory, which is started with its script {@code firstcome}, or a class path
     * @param jvmOptions options of the JVM when the location is a class path
     */
    public static FirstComeBuild at(String name, String location, List<String> jvmOptions) {
        Path script = Path.of(location.split(":", 2)[0]).resolve("firstcome").toAbsolutePath();
        if (!location.contains(":") && Files.isExecutable(script)) {
            return new FirstComeBuild(name, List.of(script.toString()));
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-cp",
                location, MAIN));
        return new FirstComeBuild(name, command);
    }

    /** The same build, started with further environment variables. */
    public FirstComeBuild with(Map<String, String> environment) {
        List<String> whole = new ArrayList<>(List.of("/usr/bin/env"));
        environment.forEach((key, value) -> whole.add(key + "=" + value));
        whole.addAll(command);
        return new FirstComeBuild(name, whole);
    }
}
