package io.firstcome.standalone.cli.terminal;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A point in time as an option: a UTC time, {@code now}, or a time from now such as {@code +10m}.
 *
 * @param text what the user wrote
 */
public record UtcTime(String text) {

    private static final Pattern FROM_NOW = Pattern.compile("\\+(\\d{1,6})([smhd])");

    /** The time, in whole milliseconds as the API has them. */
    public Instant from(Instant now) {
        Instant start = now.truncatedTo(ChronoUnit.MILLIS);
        Matcher fromNow = FROM_NOW.matcher(text);
        if (text.equals("now")) {
            return start;
        }
        if (fromNow.matches()) {
            return start.plus(Long.parseLong(fromNow.group(1)), unit(fromNow.group(2)));
        }
        return Instant.parse(text);
    }

    private static ChronoUnit unit(String letter) {
        return switch (letter.charAt(0)) {
            case 's' -> ChronoUnit.SECONDS;
            case 'm' -> ChronoUnit.MINUTES;
            case 'h' -> ChronoUnit.HOURS;
            default -> ChronoUnit.DAYS;
        };
    }

    /** Reads the option. */
    public static final class Converter implements ITypeConverter<UtcTime> {

        @Override
        public UtcTime convert(String text) {
            var time = new UtcTime(text);
            try {
                time.from(Instant.EPOCH);
                return time;
            } catch (DateTimeParseException e) {
                throw new TypeConversionException(
                        "'" + text + "' is no time such as 2027-01-31T09:00:00Z, now, +30s, +10m, +2h or +7d");
            }
        }
    }

    /** A duration for people: {@code 350 ms}, {@code 12.5 s}, {@code 3 min}. */
    public static String shown(Duration duration) {
        if (duration.toSeconds() < 1) {
            return duration.toMillis() + " ms";
        }
        return duration.toMinutes() < 2
                ? "%.1f s".formatted(duration.toMillis() / 1000.0)
                : duration.toMinutes() + " min";
    }
}
