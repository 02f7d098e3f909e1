package io.firstcome.bench.run;

import java.util.List;

/** The order of rounds: A B C, A B C, and so on, so that a slow phase of the machine meets all participants. */
final class Interleaving {

    private Interleaving() {}

    /** One round of one participant. */
    interface Body<P> {

        /**
         * Runs the round.
         *
         * @param number the number of the round; round 0 is warm-up
         */
        void run(P participant, int number) throws Exception;
    }

    /** Runs {@code rounds} measured rounds of each participant, after one warm-up round of each when asked for. */
    static <P> void run(List<P> participants, boolean warmUp, int rounds, Body<P> body) throws Exception {
        for (int number = warmUp ? 0 : 1; number <= rounds; number++) {
            for (P participant : participants) {
                body.run(participant, number);
            }
        }
    }
}
