package io.firstcome.bench.round;

import io.firstcome.bench.report.Size;

/** One kind of load. A round applies it once to one system. */
public interface Workload {

    /** A short name, unique among the workloads; {@code --only} selects by it. */
    String id();

    /** One line for the report. */
    String title();

    /** The size of the load. */
    Size size();

    /** Runs the load once and records its figures. */
    void run(Round round) throws Exception;
}
