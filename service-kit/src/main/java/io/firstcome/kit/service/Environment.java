package io.firstcome.kit.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The environment variables of this process, with the values that are in files. {@code FIRSTCOME_X_FILE=/path} sets
 * {@code FIRSTCOME_X} to the content of the file, as the images of databases do it for secrets that Docker or
 * Kubernetes mounts.
 */
public final class Environment {

    private static final String PREFIX = "FIRSTCOME_";
    private static final String FILE = "_FILE";
    /** Settings whose value is itself the path of a file have these names. */
    private static final Set<String> PATHS = Set.of("FIRSTCOME_LOG_LEVELS_FILE",
            "FIRSTCOME_KAFKA_SASL_OAUTHBEARER_ASSERTION_FILE",
            "FIRSTCOME_KAFKA_SASL_OAUTHBEARER_ASSERTION_PRIVATE_KEY_FILE",
            "FIRSTCOME_KAFKA_SASL_OAUTHBEARER_ASSERTION_TEMPLATE_FILE");

    private Environment() {}

    /**
     * Reads the variables and the files that they name.
     *
     * @throws StartFailure in one line, when a file cannot be read or a setting has two values
     */
    public static Map<String, String> read() {
        return withFiles(System.getenv());
    }

    /**
     * Replaces each {@code FIRSTCOME_X_FILE} by {@code FIRSTCOME_X}.
     *
     * @throws StartFailure as {@link #read} does
     */
    public static Map<String, String> withFiles(Map<String, String> variables) {
        Map<String, String> result = new HashMap<>(variables);
        variables.forEach((key, value) -> {
            if (isFileOfSetting(key)) {
                result.remove(key);
                // Compose files pass a variable that is not set as an empty one.
                if (!value.isBlank()) {
                    String setting = key.substring(0, key.length() - FILE.length());
                    if (!variables.getOrDefault(setting, "").isBlank()) {
                        throw new StartFailure("settings " + setting + " and " + key + " are both set: remove one.");
                    }
                    result.put(setting, content(key, value.strip()));
                }
            }
        });
        return Map.copyOf(result);
    }

    private static boolean isFileOfSetting(String key) {
        return key.startsWith(PREFIX) && key.endsWith(FILE) && !PATHS.contains(key);
    }

    private static String content(String key, String path) {
        try {
            String text = Files.readString(Path.of(path)).replaceFirst("[\\r\\n]+$", "");
            // A secret that is not mounted yet is an empty file, and an empty password would be a valid value.
            if (text.isBlank()) {
                throw new StartFailure("setting " + key + "=" + path + " names an empty file");
            }
            return text;
        } catch (IOException | InvalidPathException e) {
            throw new StartFailure("setting " + key + "=" + path + " names a file that cannot be read ("
                    + e.getClass().getSimpleName() + ")", e);
        }
    }
}
