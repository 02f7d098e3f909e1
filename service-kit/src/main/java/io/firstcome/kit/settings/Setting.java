package io.firstcome.kit.settings;

import java.time.Duration;
import java.util.Map;
import java.util.function.Function;

import io.firstcome.kit.service.StartFailure;

/**
 * One setting of a service. The documentation is generated from it, so it cannot differ from the code.
 *
 * @param key the environment variable, {@code FIRSTCOME_…}
 * @param fallback the value as text when the variable is not set
 * @param unit the unit of a number, such as {@code ms}, or {@code text}
 * @param meaning one sentence for the operator who sets it
 * @param parser parses the text; the message of its {@link IllegalArgumentException} states what is allowed
 */
public record Setting<T>(String key, String fallback, String unit, String meaning, Function<String, T> parser) {

    /** The unit of a value that is never shown. */
    public static final String SECRET = "secret";

    /**
     * The value of this setting in an environment.
     *
     * @throws StartFailure in one line that names the key, when the value is not allowed
     */
    public T from(Map<String, String> environment) {
        String text = environment.getOrDefault(key, fallback).strip();
        try {
            return parser.apply(text);
        } catch (NumberFormatException e) {
            throw refusal(text, "must be a whole number of " + unit);
        } catch (IllegalArgumentException e) {
            throw refusal(text, Credentials.hiddenIn(e.getMessage(), text));
        }
    }

    private StartFailure refusal(String text, String problem) {
        String shown = unit.equals(SECRET) && !text.isEmpty() ? "***" : Credentials.hiddenIn(text);
        return new StartFailure("setting " + key + "=" + shown + " " + problem);
    }

    /** A text that is not empty. */
    public static Setting<String> text(String key, String fallback, String meaning) {
        return new Setting<>(key, fallback, "text", meaning, Setting::notEmpty);
    }

    /** A text that may be empty. */
    public static Setting<String> optionalText(String key, String fallback, String meaning) {
        return new Setting<>(key, fallback, "text", meaning, Function.identity());
    }

    /** A whole number within bounds. */
    public static Setting<Integer> number(String key, int fallback, int min, int max, String unit, String meaning) {
        return new Setting<>(key, String.valueOf(fallback), unit, meaning, text -> within(text, min, max));
    }

    /** A TCP port; 0 for any free port. */
    public static Setting<Integer> port(String key, int fallback, String meaning) {
        return number(key, fallback, 0, 65_535, "port", meaning);
    }

    /** A duration in whole milliseconds. */
    public static Setting<Duration> millis(String key, int fallback, int min, int max, String meaning) {
        return new Setting<>(key, String.valueOf(fallback), "ms", meaning,
                text -> Duration.ofMillis(within(text, min, max)));
    }

    /** One of the names of an enum, in any case. */
    public static <E extends Enum<E>> Setting<E> choice(String key, E fallback, String meaning) {
        Class<E> type = fallback.getDeclaringClass();
        return new Setting<>(key, fallback.name(), String.join(" | ", names(type)), meaning, text -> one(type, text));
    }

    private static String notEmpty(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("must not be empty");
        }
        return text;
    }

    private static int within(String text, int min, int max) {
        int value = Integer.parseInt(text);
        if (value < min || value > max) {
            throw new IllegalArgumentException("must be from " + min + " to " + max);
        }
        return value;
    }

    private static <E extends Enum<E>> E one(Class<E> type, String text) {
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equalsIgnoreCase(text)) {
                return constant;
            }
        }
        throw new IllegalArgumentException("must be one of " + String.join(", ", names(type)));
    }

    private static String[] names(Class<? extends Enum<?>> type) {
        Enum<?>[] constants = type.getEnumConstants();
        String[] names = new String[constants.length];
        for (int i = 0; i < names.length; i++) {
            names[i] = constants[i].name();
        }
        return names;
    }
}
