package io.firstcome.bench.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.firstcome.bench.limit.BareJavalin;
import io.firstcome.bench.rival.Rivals;
import io.firstcome.bench.system.CouponSystem;
import io.firstcome.bench.system.FirstComeBuild;
import io.firstcome.bench.system.FirstComeSystem;
import io.firstcome.bench.system.RivalFactory;

/** The systems of one run. A system is started when it is first needed and runs until the end. */
final class Participants implements AutoCloseable {

    private final BenchOptions options;
    private final Map<String, CouponSystem> running = new LinkedHashMap<>();

    Participants(BenchOptions options) {
        this.options = options;
    }

    /** The names of all builds of FirstCome. */
    static List<String> buildNames(BenchOptions options) {
        return options.builds().stream().map(FirstComeBuild::name).toList();
    }

    /** The names of all rivals that take part. */
    static List<String> rivalNames(BenchOptions options) {
        return options.rivals() ? Rivals.all().stream().map(RivalFactory::name).toList() : List.of();
    }

    boolean isRunning(String name) {
        return running.containsKey(name);
    }

    boolean isFirstCome(String name) {
        return buildNames(options).contains(name);
    }

    /** The build with this name, or the first one, whose servers the rivals use. */
    FirstComeBuild build(String name) {
        return options.builds().stream().filter(build -> build.name().equals(name)).findFirst()
                .orElse(options.builds().getFirst());
    }

    /** The system with this name, started if necessary. */
    CouponSystem running(String name) throws Exception {
        CouponSystem system = running.get(name);
        if (system == null) {
            Path directory = options.dataDirectory().resolve("warm-" + name.replace(' ', '-'));
            if (isFirstCome(name)) {
                system = FirstComeSystem.start(build(name), directory, options.upArguments());
            } else if (name.equals(BareJavalin.NAME)) {
                system = BareJavalin.start(directory);
            } else {
                system = start(name, servers(), directory);
            }
            running.put(name, system);
        }
        return system;
    }

    /** The FirstCome whose servers the rivals and limits use, started if necessary. */
    FirstComeSystem servers() throws Exception {
        return (FirstComeSystem) running(options.builds().getFirst().name());
    }

    /** Starts a rival with the servers of a running FirstCome. */
    CouponSystem start(String name, FirstComeSystem servers, Path directory) throws Exception {
        Files.createDirectories(directory);
        RivalFactory factory = Rivals.all().stream().filter(rival -> rival.name().equals(name)).findFirst()
                .orElseThrow();
        return factory.start(servers.servers(), directory);
    }

    /** Whether the system stores coupons at all. */
    boolean stores(CouponSystem system) {
        return !(system instanceof BareJavalin);
    }

    /** Ends all systems, the servers last. */
    @Override
    public void close() {
        List.copyOf(running.values()).reversed().forEach(CouponSystem::close);
    }
}
