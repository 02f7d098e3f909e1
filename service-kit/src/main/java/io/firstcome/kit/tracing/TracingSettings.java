package io.firstcome.kit.tracing;

import java.util.List;
import java.util.Map;

import io.firstcome.kit.settings.Setting;

/**
 * Whether and how requests are traced. The exporter is set by the standard variables of OpenTelemetry, such as
 * {@code OTEL_EXPORTER_OTLP_ENDPOINT}, which also override the ratio.
 *
 * @param mode whether spans are made
 * @param ratio the share of requests that start a trace, from 0 to 1, among those without a {@code traceparent}
 * @param callers whether the {@code traceparent} of a caller is used
 */
public record TracingSettings(Mode mode, double ratio, Callers callers) {

    /** Where spans go. */
    public enum Mode {
        /** No spans are made, and no record has a header. */
        OFF,
        /** To an OpenTelemetry collector, by the OpenTelemetry protocol over HTTP. */
        OTLP
    }

    /** Whether a caller decides about the trace of a request. */
    public enum Callers {
        /** A valid {@code traceparent} is the parent, and its flag decides whether the request is sampled. */
        TRUSTED,
        /** The headers of callers are ignored, so that no caller decides what is sampled. */
        UNTRUSTED
    }

    private static final Setting<Mode> MODE = Setting.choice("FIRSTCOME_TRACING", Mode.OFF,
            "OTLP: spans of sampled requests go to the OpenTelemetry collector at OTEL_EXPORTER_OTLP_ENDPOINT.");
    private static final Setting<Double> RATIO = new Setting<>("FIRSTCOME_TRACING_RATIO", "0.01", "share, 0 to 1",
            "Share of the requests without traceparent that are sampled. A request with a traceparent of a trusted"
                    + " caller is sampled when its flag says so.",
            TracingSettings::ratio);
    private static final Setting<Callers> CALLERS = Setting.choice("FIRSTCOME_TRACING_CALLERS", Callers.TRUSTED,
            "UNTRUSTED: traceparent and tracestate of callers are ignored. Set it where callers are users, unless a"
                    + " proxy removes or replaces these headers: each sampled request costs all services.");

    /** All settings, for the documentation. */
    public static final List<Setting<?>> ALL = List.of(MODE, RATIO, CALLERS);

    /** No tracing. */
    public static final TracingSettings OFF = new TracingSettings(Mode.OFF, 0, Callers.UNTRUSTED);

    /**
     * Reads the settings from environment variables.
     *
     * @throws io.firstcome.kit.service.StartFailure naming the key whose value is not allowed
     */
    public static TracingSettings from(Map<String, String> environment) {
        return new TracingSettings(MODE.from(environment), RATIO.from(environment), CALLERS.from(environment));
    }

    private static double ratio(String text) {
        try {
            double value = Double.parseDouble(text);
            if (value >= 0 && value <= 1) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("must be a number from 0 to 1", e);
        }
        throw new IllegalArgumentException("must be a number from 0 to 1");
    }
}
