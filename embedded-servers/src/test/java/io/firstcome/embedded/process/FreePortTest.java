package io.firstcome.embedded.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

class FreePortTest {

    private static final int COUNT = 500;

    @Test
    void shouldNotReturnAPortTwice() {
        // when
        Stream<Integer> ports = Stream.generate(FreePort::pick).limit(COUNT);

        // then
        assertThat(ports).doesNotHaveDuplicates();
    }

    @Test
    void shouldNotReturnAPortOfAnotherProcess() throws IOException {
        // given
        String java = ProcessHandle.current().info().command().orElseThrow();
        Process other = new ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), Other.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try {
            String printed = other.inputReader().readLine();
            assertThat(printed).as("ports printed by the other process").isNotNull();
            Integer[] otherPorts = Arrays.stream(printed.split(" ")).map(Integer::valueOf).toArray(Integer[]::new);

            // when
            Stream<Integer> ports = Stream.generate(FreePort::pick).limit(COUNT);

            // then
            assertThat(ports).doesNotContain(otherPorts);
        } finally {
            other.destroyForcibly().onExit().join();
        }
    }

    /** Prints ports without binding them, then waits until it is killed. */
    static final class Other {

        private Other() {}

        public static void main(String[] arguments) throws InterruptedException {
            System.out.println(IntStream.range(0, COUNT).mapToObj(_ -> String.valueOf(FreePort.pick()))
                    .collect(Collectors.joining(" ")));
            Thread.currentThread().join();
        }
    }
}
