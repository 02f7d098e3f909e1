package io.firstcome.kit.settings;

import java.time.Duration;
import java.util.Map;
import java.util.function.Function;

import io.firstcome.kit.service.StartFailure;

/**
 * One setting of a service: everything about it in one place, so that its documentation cannot differ from its use.
 *
 * @param key the environment variable, {@code FIRSTCOME_…}
 * @param fallback the value as text where the variable is not set
 * @param unit what the number counts, such as {@code ms}, or {@code text}
 * @param meaning one sentence for the person who sets it
 * @param parser reads the text; its {@link IllegalArgumentException} says what is allowed
 */
public record Setting<T>(String key, String fallback, String unit, String meaning, Function<String, T> parser) {

    /** The unit of a value that is never shown. */
    public static final String SECRET = "secret";

    /**
     * The value in force.
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
    public static Setting<Integer> number(String key, int fallback, int least, int most, String unit, String meaning) {
        return new Setting<>(key, String.valueOf(fallback), unit, meaning, text -> within(text, least, most));
    }

    /** A TCP port; 0 takes a free one. */
    public static Setting<Integer> port(String key, int fallback, String meaning) {
        return number(key, fallback, 0, 65_535, "port", meaning);
    }

    /** A time span given in whole milliseconds. */
    public static Setting<Duration> millis(String key, int fallback, int least, int most, String meaning) {
        return new Setting<>(key, String.valueOf(fallback), "ms", meaning,
                text -> Duration.ofMillis(within(text, least, most)));
    }

    /** One of an enum's names. */
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

    private static int within(String text, int least, int most) {
        int value = Integer.parseInt(text);
        if (value < least || value > most) {
            throw new IllegalArgumentException("must be from " + least + " to " + most);
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
