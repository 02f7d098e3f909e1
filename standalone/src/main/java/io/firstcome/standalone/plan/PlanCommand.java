package io.firstcome.standalone.plan;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.core.JsonProcessingException;

import io.firstcome.contract.json.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Prints what a sale needs. Starts and asks nothing. */
@Command(name = "plan", description = "Print what a sale needs: partitions, instances, memory, disk, network.",
        mixinStandardHelpOptions = true, sortOptions = false)
public final class PlanCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--users", paramLabel = "N", required = true, description = "Number of users who claim.")
    private long users;

    @Option(names = "--stock", paramLabel = "N", required = true, description = "Pieces of all coupons together.")
    private long stock;

    @Option(names = "--seconds", paramLabel = "N", defaultValue = "60",
            description = "Time within which the users claim, evenly (${DEFAULT-VALUE}).")
    private double seconds;

    @Option(names = "--coupons", paramLabel = "N", defaultValue = "1",
            description = "Coupons that share users and stock evenly (${DEFAULT-VALUE}).")
    private long coupons;

    @Option(names = "--per-user", paramLabel = "N", defaultValue = "1",
            description = "Pieces that one user claims (${DEFAULT-VALUE}).")
    private int perUser;

    @Option(names = "--message-size", paramLabel = "BYTES", defaultValue = "160",
            description = "Key and value of a claim in Kafka (${DEFAULT-VALUE}: user and request ids of 36"
                    + " characters).")
    private int messageSize;

    @Option(names = "--replication", paramLabel = "N", defaultValue = "3",
            description = "Copies of each record in Kafka (${DEFAULT-VALUE}).")
    private int replication;

    @Option(names = "--retention-hours", paramLabel = "N", defaultValue = "720",
            description = "How long outcomes are retained (${DEFAULT-VALUE}, which is the least).")
    private int retentionHours;

    @Option(names = "--sales-per-day", paramLabel = "N", defaultValue = "1",
            description = "Such sales in a day, for disk and memory (${DEFAULT-VALUE}).")
    private int salesPerDay;

    @Option(names = "--cores", paramLabel = "N", defaultValue = "4",
            description = "Processors of each instance and broker (${DEFAULT-VALUE}).")
    private int cores;

    @Option(names = "--network-gbit", paramLabel = "N", defaultValue = "10",
            description = "Network of each broker in Gbit/s (${DEFAULT-VALUE}).")
    private double networkGbit;

    @Option(names = "--utilisation", paramLabel = "PART", defaultValue = "0.6",
            description = "Part of processors, threads and network that the plan uses (${DEFAULT-VALUE}).")
    private double utilisation;

    @Option(names = "--json", description = "Print the plan as JSON.")
    private boolean json;

    @Override
    public Integer call() throws JsonProcessingException {
        CapacityPlan plan = CapacityPlan.of(forecast(), MeasuredFigures.published());
        spec.commandLine().getOut().println(json ? json(plan) : PlanText.of(plan));
        spec.commandLine().getOut().flush();
        return 0;
    }

    private Forecast forecast() {
        try {
            return new Forecast(users, stock, seconds, coupons, perUser, messageSize, replication, retentionHours,
                    salesPerDay, cores, networkGbit, utilisation);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private static String json(CapacityPlan plan) throws JsonProcessingException {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("forecast", plan.forecast());
        members.put("quantities", plan.quantities());
        members.put("measured", plan.measured());
        members.put("constants", plan.measured().constants());
        members.put("limits", plan.limits());
        return Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(members);
    }
}
