package io.firstcome.standalone.cli.terminal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.firstcome.kit.service.StartFailure;

/** A token in a file: as an argument every user of the machine would see it. */
public final class TokenFile {

    private TokenFile() {}

    /**
     * Reads the token.
     *
     * @param option the option that names the file, for messages
     * @throws StartFailure when the file cannot be read or has no token
     */
    public static String read(String option, Path file) {
        Path path = CallerDirectory.resolve(file);
        try {
            return valid(option + " " + path, Files.readString(path));
        } catch (IOException e) {
            throw new StartFailure(option + " " + path + " cannot be read: " + e, e);
        }
    }

    /**
     * The token without the white space around it.
     *
     * @param source where it comes from, for messages
     * @throws StartFailure when it is not one word
     */
    public static String valid(String source, String text) {
        String token = text.strip();
        if (!token.matches("[!-~]+")) {
            throw new StartFailure("the token of " + source + " must be one word of visible ASCII characters");
        }
        return token;
    }
}
