package io.firstcome.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Where a run took place.
 *
 * @param cpu the processor's model
 * @param cores the number of processors that the JVM may use
 * @param memoryGib the memory in GiB
 * @param kernel the operating system and its version
 * @param jdk the version of the JDK
 */
public record Machine(String cpu, int cores, long memoryGib, String kernel, String jdk) {

    private static final long KIB_PER_GIB = 1024 * 1024;

    /** This machine. Parts that the operating system does not tell are {@code unknown} or 0. */
    public static Machine current() {
        return new Machine(value("/proc/cpuinfo", "model name", "unknown"),
                Runtime.getRuntime().availableProcessors(),
                Math.round(Double.parseDouble(value("/proc/meminfo", "MemTotal", "0").replace("kB", "").strip())
                        / KIB_PER_GIB),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
    }

    /** One line for reports. */
    public String text() {
        return String.format(Locale.ROOT, "%s, %d cores, %d GiB, %s, %s", cpu, cores, memoryGib, kernel, jdk);
    }

    private static String value(String file, String key, String otherwise) {
        try (var lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(key)).findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip()).orElse(otherwise);
        } catch (IOException e) {
            // Not Linux.
            return otherwise;
        }
    }
}
