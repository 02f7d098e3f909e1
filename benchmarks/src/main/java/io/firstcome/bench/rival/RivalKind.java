package io.firstcome.bench.rival;

import java.nio.file.Path;

import io.firstcome.bench.rival.parts.BenchDatabase;
import io.firstcome.bench.system.BenchServers;
import io.firstcome.bench.system.CouponSystem;
import io.firstcome.bench.system.RivalFactory;

/**
 * One of the designs.
 *
 * @param name the name in reports
 * @param weakness what the design does not guarantee, one sentence
 * @param opening connects the rival to its servers, in the JVM that calls it
 */
record RivalKind(String name, String weakness, Opening opening) implements RivalFactory {

    /** The constructor of a rival. */
    @FunctionalInterface
    interface Opening {
        Rival open(BenchServers servers) throws Exception;
    }

    @Override
    public CouponSystem start(BenchServers servers, Path dataDirectory) throws Exception {
        return RivalProcess.start(this, servers, dataDirectory);
    }

    /** The database of the rival's tables. */
    BenchDatabase database(BenchServers servers) {
        return BenchDatabase.named("bench_" + name.replace('-', '_'), servers);
    }

    /** The name of the rival's topic or list, and the beginning of its Redis keys. */
    String namespace() {
        return "rival-" + name;
    }
}
