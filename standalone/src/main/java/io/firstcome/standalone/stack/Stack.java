package io.firstcome.standalone.stack;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import io.firstcome.embedded.EmbeddedKafka;
import io.firstcome.embedded.EmbeddedMariaDb;
import io.firstcome.embedded.EmbeddedRedis;
import io.firstcome.embedded.process.DataDir;
import io.firstcome.ingress.IngressService;
import io.firstcome.ingress.IngressSettings;
import io.firstcome.kit.service.Environment;
import io.firstcome.kit.service.Service;
import io.firstcome.processor.ProcessorService;
import io.firstcome.processor.ProcessorSettings;
import io.firstcome.sink.SinkService;
import io.firstcome.sink.SinkSettings;

/**
 * The whole system in one process and two child processes: a real Kafka broker, Redis and MariaDB, and the three
 * services. Started again with the same data directory, it continues with its data.
 */
public final class Stack implements AutoCloseable {

    private static final Duration START_END_TIMEOUT = Duration.ofSeconds(20);
    private static final String LOOPBACK = "http://127.0.0.1:";

    private final StackOptions options;
    private final StartListener listener;
    private final StackLayout layout;
    private final Closer closer = new Closer();
    private final ReentrantLock starting = new ReentrantLock();
    private final List<String> warnings = new CopyOnWriteArrayList<>();

    /**
     * Locks the data directory. Starts nothing.
     *
     * @throws io.firstcome.embedded.process.ServerStartFailure when the directory cannot be used
     */
    public Stack(StackOptions options, StartListener listener) {
        this.options = options;
        this.listener = listener;
        this.layout = new StackLayout(closer.add(DataDir.lock(options.dataDirectory())).path());
        if (options.fresh()) {
            layout.clear();
        }
    }

    /**
     * Starts everything and returns when all services are ready. After a failure {@link #close} stops what was started.
     */
    public Endpoints start() throws InterruptedException {
        starting.lock();
        try {
            options.ports().requireFree(options);
            Endpoints endpoints = startServices(startServers());
            endpoints.writeTo(layout.root());
            return endpoints;
        } catch (RuntimeException e) {
            // After close(), a failure is a consequence of the servers that were closed.
            throw closer.isClosed() ? new StartCancelled(e) : e;
        } finally {
            starting.unlock();
        }
    }

    @Override
    public void close() {
        closer.close();
    }

    /** Stops everything and deletes the data directory. */
    public void discard() {
        close();
        awaitEndOfStart();
        layout.deleteAll();
    }

    /** A start that is still in progress may write files, so wait for its end before deleting them. */
    private void awaitEndOfStart() {
        try {
            if (starting.tryLock(START_END_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                starting.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The addresses of the three servers. */
    private record Servers(String kafka, String redis, String jdbc) {}

    private Servers startServers() throws InterruptedException {
        try (ExecutorService parallel = inParallel()) {
            Future<String> kafka = parallel.submit(() -> address("kafka", options.kafka(), this::startKafka));
            Future<String> redis = parallel.submit(() -> address("redis", options.redis(), this::startRedis));
            Future<String> jdbc = parallel.submit(() -> address("mysql", options.jdbcUrl(), this::startMySql));
            return new Servers(result(kafka), result(redis), result(jdbc));
        }
    }

    private Endpoints startServices(Servers servers) throws InterruptedException {
        Map<String, String> environment = environment(servers);
        String token = token();
        environment.put("FIRSTCOME_ADMIN_TOKEN", token);
        try (ExecutorService parallel = inParallel()) {
            Future<String> processor = parallel.submit(() -> timed("processor",
                    () -> awaitReady(ProcessorService.start(ProcessorSettings.from(environment)))));
            Future<String> sink = parallel.submit(
                    () -> timed("sink", () -> awaitReady(SinkService.start(SinkSettings.from(environment)))));
            Future<String> ingress = parallel.submit(
                    () -> timed("ingress", () -> awaitReady(IngressService.start(IngressSettings.from(environment)))));
            return new Endpoints(result(ingress), LOOPBACK + options.ports().admin(), token, result(processor),
                    result(sink), servers.kafka(), servers.redis(), servers.jdbc());
        }
    }

    /** A partition of the sink that is stopped is tolerated: what helps it, such as a rebuild, needs the authority. */
    private String awaitReady(Service service) {
        closer.add(service);
        Map<String, String> problems = Readiness.await(service, Set.of("partitions"));
        problems.forEach((_, problem) -> warnings.add("the sink has stopped partitions: " + problem));
        return service.url();
    }

    /** What an operator has to look at although the stack has started. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    private String startKafka() {
        return closer.add(EmbeddedKafka.start(layout.kafka(), options.ports().kafka())).bootstrapServers();
    }

    private String startRedis() {
        return closer.add(EmbeddedRedis.start(layout.redis(), options.ports().redis())).uri();
    }

    private String startMySql() {
        return closer.add(EmbeddedMariaDb.start(layout.mysql(), options.ports().mysql())).jdbcUrl();
    }

    private String address(String component, Optional<String> external, Supplier<String> start) {
        return external.orElseGet(() -> timed(component, start));
    }

    private String timed(String component, Supplier<String> start) {
        Instant before = Instant.now();
        String address = start.get();
        listener.started(component, address, Duration.between(before, Instant.now()));
        return address;
    }

    /**
     * The settings of the services: the environment of this process, overridden by the addresses and ports of the
     * stack.
     */
    private Map<String, String> environment(Servers servers) {
        Map<String, String> environment = new HashMap<>(Environment.read());
        environment.putAll(options.settings());
        if (options.kafka().isEmpty()) {
            // They are meant for the cluster of the environment, not for the embedded broker.
            environment.keySet().removeIf(key -> key.startsWith("FIRSTCOME_KAFKA_"));
        }
        environment.put("FIRSTCOME_KAFKA_BOOTSTRAP_SERVERS", servers.kafka());
        environment.put("FIRSTCOME_REDIS_URL", servers.redis());
        environment.put("FIRSTCOME_JDBC_URL", servers.jdbc());
        environment.put("FIRSTCOME_PARTITIONS", String.valueOf(options.partitions()));
        if (options.kafka().isEmpty()) {
            // The embedded broker has no other instances. After a kill -9 the groups need not wait for dead members.
            environment.put("FIRSTCOME_INSTANCE_ID", "standalone");
            environment.put("FIRSTCOME_REPLICAS", "1");
        }
        environment.put("FIRSTCOME_STATE_DIR", layout.streams().toString());
        environment.put("FIRSTCOME_HTTP_PORT", String.valueOf(options.ports().http()));
        environment.put("FIRSTCOME_ADMIN_PORT", String.valueOf(options.ports().admin()));
        environment.put("FIRSTCOME_PROCESSOR_PORT", String.valueOf(options.ports().processor()));
        environment.put("FIRSTCOME_PROCESSOR_URL", LOOPBACK + options.ports().processor());
        environment.put("FIRSTCOME_SINK_URL", LOOPBACK + options.ports().sink());
        environment.put("FIRSTCOME_SINK_PORT", String.valueOf(options.ports().sink()));
        return environment;
    }

    /** The operators' token of the earlier run, so that scripts keep working, or a new one. */
    private String token() {
        return Endpoints.readFrom(layout.root()).map(Endpoints::adminToken).orElseGet(Stack::newToken);
    }

    private static String newToken() {
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    /**
     * Platform threads, because a virtual thread that waits for a class initializer pins its carrier: on two cores, two
     * such threads leave no carrier for the thread that runs the initializer.
     */
    private static ExecutorService inParallel() {
        return Executors.newThreadPerTaskExecutor(Thread.ofPlatform().name("start-", 0).factory());
    }

    private static <T> T result(Future<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        }
    }
}
