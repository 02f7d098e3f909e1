package io.firstcome.bench.system;

import java.nio.file.Path;

/** Starts one rival. */
public interface RivalFactory {

    /** The name of the system that {@link #start} returns. */
    String name();

    /**
     * Starts the rival in a JVM of its own and returns when it serves requests.
     *
     * @param dataDirectory an empty directory for logs and files of the rival
     */
    CouponSystem start(BenchServers servers, Path dataDirectory) throws Exception;
}
