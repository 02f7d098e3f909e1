package io.firstcome.standalone.cli.repair;

import java.io.PrintStream;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.UserId;
import io.firstcome.contract.json.Json;
import io.firstcome.contract.topic.Topics;
import io.firstcome.gate.projection.HolderSource.HolderPage;
import io.firstcome.ingress.authority.AuthorityHolders;
import io.firstcome.kit.kafka.KafkaClients;
import io.firstcome.kit.service.StartFailure;
import io.firstcome.kit.settings.KafkaConnection;
import io.firstcome.kit.settings.KafkaSettings;
import io.firstcome.sink.database.Database;
import io.firstcome.sink.database.DatabaseSettings;
import io.firstcome.sink.rebuild.DatabaseRebuild;
import io.firstcome.sink.rebuild.HolderPages;
import io.firstcome.sink.rebuild.RebuildProgress;
import io.firstcome.sink.rebuild.RebuildReport;
import io.firstcome.standalone.cli.cluster.ClusterArguments;
import io.firstcome.standalone.cli.terminal.HttpUrl;
import io.firstcome.standalone.cli.terminal.JsonOption;
import io.firstcome.standalone.console.ConsoleBar;
import io.firstcome.standalone.stack.Endpoints;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Fills the tables of MySQL from the authority. */
@Command(name = "rebuild-database", mixinStandardHelpOptions = true, sortOptions = false,
        header = "Fill the tables of MySQL from the authority.",
        description = "For tables that need outcomes that have expired (docs/operations.md, The database is rebuilt).")
public final class RebuildDatabaseCommand implements Callable<Integer> {

    private static final int KAFKA_TIMEOUT_SECONDS = 15;

    @Mixin
    private ClusterArguments cluster;

    @Option(names = "--processor-url", paramLabel = "URL",
            description = "The HTTP ports of one or more instances of the authority, separated by commas, such as"
                    + " http://127.0.0.1:8082. Variable: FIRSTCOME_PROCESSOR_URL.")
    private Optional<String> processors;

    @Option(names = "--accept-incomplete",
            description = "Let the sink go on although the authority lists fewer issues of a coupon than were issued.")
    private boolean acceptsIncomplete;

    @Mixin
    private JsonOption json;

    @Override
    public Integer call() throws InterruptedException {
        KafkaConnection kafka = cluster.kafka();
        DatabaseSettings settings = cluster.database();
        List<URI> authority = Arrays.stream(processors.orElseGet(() -> cluster.part("the authority",
                "--processor-url", "FIRSTCOME_PROCESSOR_URL", Endpoints::processor)).split(","))
                .map(url -> HttpUrl.parse("--processor-url", url)).toList();
        var meters = new SimpleMeterRegistry();
        try (var bar = new Bar(json.isSet() ? System.err : System.out);
                var clients = new KafkaClients(new KafkaSettings(kafka, partitions(kafka), 1, ""), "rebuild",
                        UUID.randomUUID().toString().substring(0, 8), meters);
                var database = Database.open(settings, meters);
                var holders = new AuthorityHolders(authority)) {
            RebuildReport report = new DatabaseRebuild(clients, database,
                    (couponId, after) -> page(holders, couponId, after), bar, acceptsIncomplete).run();
            bar.end();
            if (json.isSet()) {
                JsonOption.print(json(report));
            } else {
                print(report);
            }
            return goesOn(report) ? 0 : 1;
        }
    }

    private static HolderPages.Page page(AuthorityHolders holders, CouponId couponId, Optional<UserId> after) {
        HolderPage page = holders.page(couponId, after).join();
        // The authority does not list the request of a revocation and the count after it, and the tables do not need
        // them: the count comes from the coupon's state.
        return new HolderPages.Page(
                page.holders().stream().map(holder -> new CouponIssued(holder.requestId(), couponId, holder.userId(),
                        holder.sequence(), holder.issuedAt(), holder.nth())).toList(),
                page.holders().stream().flatMap(holder -> holder.revokedAt().map(time -> new IssueRevoked(
                        holder.requestId(), couponId, holder.userId(), holder.sequence(), holder.requestId(), 1,
                        time)).stream()).toList(),
                page.next());
    }

    private static int partitions(KafkaConnection kafka) {
        String topic = Topics.OUTCOMES.name();
        Properties properties = kafka.client(AdminClientConfig.configNames());
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, KAFKA_TIMEOUT_SECONDS * 500);
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, KAFKA_TIMEOUT_SECONDS * 1000);
        try (Admin admin = Admin.create(properties)) {
            return admin.describeTopics(List.of(topic)).allTopicNames().get(KAFKA_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                    .get(topic).partitions().size();
        } catch (ExecutionException | TimeoutException e) {
            throw new StartFailure(
                    "Kafka at " + kafka.bootstrap() + " does not describe " + topic + " (" + e.getMessage()
                            + "); start it, or name another cluster with --kafka",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure("interrupted while waiting for Kafka", e);
        }
    }

    private boolean goesOn(RebuildReport report) {
        return report.isComplete() || acceptsIncomplete;
    }

    private ObjectNode json(RebuildReport report) {
        ObjectNode result = Json.mapper().createObjectNode().put("coupons", report.coupons())
                .put("holders", report.holders()).put("newRows", report.newRows())
                .put("sinkGoesOn", goesOn(report));
        report.archived().forEach(result.putArray("archived")::addPOJO);
        report.incomplete().forEach(result.putArray("incomplete")::addPOJO);
        ObjectNode moved = result.putObject("moved");
        report.moved().forEach((partition, offset) -> moved.put(String.valueOf(partition), offset));
        return result;
    }

    private void print(RebuildReport report) {
        System.out.printf("%,d coupons and %,d holders stored, %,d of the holders were missing%n", report.coupons(),
                report.holders(), report.newRows());
        if (!report.archived().isEmpty()) {
            System.out.println("archived coupons, whose rows the authority does not have any more: "
                    + names(report.archived()));
        }
        if (!report.incomplete().isEmpty()) {
            System.out.println("the authority lists fewer issues than were issued of: " + names(report.incomplete()));
        }
        if (!goesOn(report)) {
            System.out
                    .println("the sink does not go on. Run rebuild-database again when every instance of the authority"
                            + " is ready. If the issues are lost for good, add --accept-incomplete");
            return;
        }
        System.out.println(report.moved().isEmpty()
                ? "no partition had lost records: the sink reads on where it was"
                : "the sink goes on at " + report.moved().entrySet().stream()
                        .map(moved -> Topics.OUTCOMES.name() + "-" + moved.getKey() + "@" + moved.getValue())
                        .collect(Collectors.joining(", ")) + " within seconds");
    }

    private static String names(List<CouponId> coupons) {
        return coupons.stream().map(CouponId::value).collect(Collectors.joining(", "));
    }

    /** A progress bar that begins when the number of holders is known. */
    private static final class Bar implements RebuildProgress, AutoCloseable {

        private final PrintStream out;
        private Optional<ProgressBar> bar = Optional.empty();

        Bar(PrintStream out) {
            this.out = out;
        }

        @Override
        public void started(int coupons, long holders) {
            out.printf("Filling %,d coupons with %,d holders from the authority.%n", coupons, holders);
            bar = Optional.of(ConsoleBar.start("  holders", holders, out));
        }

        @Override
        public void stored(int holders) {
            bar.ifPresent(it -> it.stepBy(holders));
        }

        /** Prints the last state of the bar. */
        void end() {
            bar.ifPresent(ProgressBar::close);
            bar = Optional.empty();
        }

        @Override
        public void close() {
            end();
        }
    }
}
