package io.firstcome.standalone.plan;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.DoubleStream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;

import io.firstcome.contract.json.Json;

/** The results of a benchmark run, as {@code ./firstcome bench} writes them. */
final class PublishedRun {

    /** The name of FirstCome in the results. */
    static final String OWN = "firstcome";

    private static final String FILE = "performance.json";

    private final JsonNode json;

    /**
     * How large the load of a workload was.
     *
     * @param users 0 for as many as claimed within the time
     * @param stock 0 for more than was claimed
     */
    record Size(double users, double stock, double connections) {

        /**
         * Claims that are issued when each user of a sale claims one piece.
         *
         * @throws IllegalStateException when the number of users or the stock is not limited
         */
        double issues() {
            if (users <= 0 || stock <= 0) {
                throw new IllegalStateException("a workload without limits of its users and stock is no sale: " + this);
            }
            return Math.min(users, stock);
        }

        double losers() {
            return users - issues();
        }
    }

    private PublishedRun(JsonNode json) {
        this.json = json;
    }

    /** The run of {@code docs/performance.json}, which the build puts beside this class. */
    static PublishedRun load() {
        try (InputStream file = PublishedRun.class.getResourceAsStream(FILE)) {
            if (file == null) {
                throw new IllegalStateException("this build lacks " + FILE + " of the benchmark");
            }
            return new PublishedRun(Json.mapper().readTree(file));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + FILE, e);
        }
    }

    static PublishedRun readFrom(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return new PublishedRun(Json.mapper().readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String machine() {
        return json.at("/machine/cpu").asText();
    }

    int cores() {
        return json.at("/machine/cores").asInt();
    }

    String commit() {
        return json.path("commit").asText();
    }

    String date() {
        return json.path("date").asText();
    }

    /**
     * How large the load of a workload was.
     *
     * @throws IllegalStateException when the run does not tell
     */
    Size size(String workload) {
        JsonNode size = json.path("sizes").path(workload);
        if (size.isMissingNode()) {
            throw new IllegalStateException(FILE + " has no size of workload " + workload);
        }
        return new Size(size.path("users").asDouble(), size.path("stock").asDouble(),
                size.path("connections").asDouble());
    }

    /** The median of all rounds of a figure. */
    double median(String workload, String system, String metric) {
        return median(rounds(workload, system, metric));
    }

    /** The median of some values. */
    static double median(double... values) {
        double[] sorted = DoubleStream.of(values).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /**
     * All rounds of a figure.
     *
     * @throws IllegalStateException when the run has no such figure
     */
    double[] rounds(String workload, String system, String metric) {
        double[] rounds = StreamSupport.stream(json.path("figures").spliterator(), false)
                .filter(figure -> figure.path("workload").asText().equals(workload)
                        && figure.path("system").asText().equals(system)
                        && figure.at("/metric/name").asText().equals(metric))
                .flatMapToDouble(PublishedRun::rounds).toArray();
        if (rounds.length == 0) {
            throw new IllegalStateException(FILE + " has no figure '" + metric + "' of " + system + " in workload "
                    + workload);
        }
        return rounds;
    }

    private static DoubleStream rounds(JsonNode figure) {
        return StreamSupport.stream(figure.path("rounds").spliterator(), false).mapToDouble(JsonNode::asDouble);
    }
}
