package io.firstcome.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

class FreePortTest {

    private static final int MANY = 500;

    @Test
    void shouldNeverGiveTheSamePortTwice() {
        assertThat(Stream.generate(FreePort::pick).limit(MANY)).doesNotHaveDuplicates();
    }

    @Test
    void shouldGiveNoPortThatAnotherProcessHasBeenGiven() throws IOException {
        // given
        String java = ProcessHandle.current().info().command().orElseThrow();
        Process other = new ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), Other.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try {
            String given = other.inputReader().readLine();
            assertThat(given).as("ports printed by the other process").isNotNull();
            Integer[] itsPorts = Arrays.stream(given.split(" ")).map(Integer::valueOf).toArray(Integer[]::new);

            // then
            assertThat(Stream.generate(FreePort::pick).limit(MANY)).doesNotContain(itsPorts);
        } finally {
            other.destroyForcibly().onExit().join();
        }
    }

    /** Prints ports that it binds none of, and waits to be killed. */
    static final class Other {

        private Other() {}

        public static void main(String[] arguments) throws InterruptedException {
            System.out.println(IntStream.range(0, MANY).mapToObj(_ -> String.valueOf(FreePort.pick()))
                    .collect(Collectors.joining(" ")));
            Thread.currentThread().join();
        }
    }
}
