package io.firstcome.kit.status;

import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.firstcome.kit.health.Health;

/**
 * The status of one component, as operators see it. A value that is not known is null and absent from the JSON: it is
 * never given as 0.
 *
 * @param name the component
 * @param detail one sentence: what happened and what to do; null when the status is UP
 * @param lag how many records the component has not processed; null where that is not known or has no meaning
 * @param stoppedPartitions the partitions that need a person; null for a component without such partitions
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ComponentStatus(String name, Level status, String detail, Long lag, Integer stoppedPartitions) {

    /** How well a component works. */
    public enum Level {
        /** The component works. */
        UP,
        /** The component works in part, or will work after a while. */
        DEGRADED,
        /** The component does not work. */
        DOWN,
        /** The component did not answer in time, or its answer cannot be read. */
        UNKNOWN
    }

    /** A component that works. */
    public static ComponentStatus up(String name) {
        return new ComponentStatus(name, Level.UP, null, null, null);
    }

    /** A component that does not work as it should. */
    public static ComponentStatus of(String name, Level status, String detail) {
        return new ComponentStatus(name, status, detail, null, null);
    }

    /** The status of a service by its checks: DOWN when only a restart helps, DEGRADED while it is not ready. */
    public static ComponentStatus of(String name, Health health) {
        Map<String, String> permanent = health.problemsOfLiveness();
        if (!permanent.isEmpty()) {
            return of(name, Level.DOWN, sentence(permanent));
        }
        Map<String, String> passing = health.problemsOfReadiness();
        return passing.isEmpty() ? up(name) : of(name, Level.DEGRADED, sentence(passing));
    }

    /** The problems of checks as one sentence. */
    public static String sentence(Map<String, String> problems) {
        return problems.entrySet().stream().map(it -> it.getKey() + " " + it.getValue())
                .collect(Collectors.joining("; "));
    }

    /** The same status with a lag. */
    public ComponentStatus withLag(OptionalLong known) {
        return new ComponentStatus(name, status, detail, known.isPresent() ? known.getAsLong() : null,
                stoppedPartitions);
    }

    /** The same status with a number of stopped partitions. */
    public ComponentStatus withStoppedPartitions(int stopped) {
        return new ComponentStatus(name, status, detail, lag, stopped);
    }
}
