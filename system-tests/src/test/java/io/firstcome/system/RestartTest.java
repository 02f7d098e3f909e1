package io.firstcome.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.firstcome.contract.id.CouponId;
import io.firstcome.embedded.process.FreePort;
import io.firstcome.standalone.demo.FlashSale;
import io.firstcome.standalone.demo.FlashSale.SaleResult;
import io.firstcome.standalone.demo.SalePlan;
import io.firstcome.standalone.evidence.StackEvidence;
import io.firstcome.standalone.stack.Endpoints;
import io.firstcome.testkit.evidence.Answer;
import io.firstcome.testkit.evidence.Reply;
import io.firstcome.testkit.guarantee.Guarantees;

/** A sale continues after a restart, and no child process survives the stop. */
@Order(1)
class RestartTest {

    private static final CouponId SOLD_OUT = new CouponId("sold-out");
    private static final CouponId HALF_SOLD = new CouponId("half-sold");

    @TempDir
    private Path directory;

    @Test
    void shouldContinueTheSequenceAfterAStopAndAfterAKill() throws Exception {
        List<Answer> soldOut = new ArrayList<>();
        List<Answer> halfSold = new ArrayList<>();

        try (CommandLine up = up()) {
            // given
            up.awaitLine("ready: ");
            soldOut.addAll(sale(SOLD_OUT, "a", 30, 20).answers());
            halfSold.addAll(sale(HALF_SOLD, "a", 50, 100).answers());
            List<ProcessHandle> children = up.children();
            assertThat(children).isNotEmpty();

            // when
            up.interrupt();

            // then
            assertThat(children).noneMatch(ProcessHandle::isAlive);
        }

        try (CommandLine up = up()) {
            up.awaitLine("ready: ");
            SaleResult late = continueSale(SOLD_OUT, "b", 10);
            soldOut.addAll(late.answers());
            assertThat(late.lastReplies()).allMatch(reply -> reply instanceof Reply.Rejected);
            SaleResult more = continueSale(HALF_SOLD, "b", 20);
            halfSold.addAll(more.answers());
            assertThat(sequences(more)).containsExactlyElementsOf(range(51, 70));
            List<ProcessHandle> children = up.children();

            // when
            up.kill();

            // then
            await().until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
        }

        try (CommandLine up = up()) {
            up.awaitLine("ready: ");
            SaleResult rest = continueSale(HALF_SOLD, "c", 40);
            halfSold.addAll(rest.answers());
            assertThat(sequences(rest)).containsExactlyElementsOf(range(71, 100));
            Guarantees.assertAllChecked(new StackEvidence(endpoints()).of(SOLD_OUT, soldOut));
            Guarantees.assertAllChecked(new StackEvidence(endpoints()).of(HALF_SOLD, halfSold));
        }
    }

    private final String[] ports = Stream.of("--http-port", "--admin-port", "--processor-port", "--sink-port",
            "--kafka-port", "--redis-port", "--mysql-port")
            .flatMap(option -> Stream.of(option, String.valueOf(FreePort.pick()))).toArray(String[]::new);

    private CommandLine up() throws IOException {
        List<String> arguments = new ArrayList<>(List.of("up", "--data-dir", directory.toString()));
        arguments.addAll(List.of(ports));
        return CommandLine.start(arguments.toArray(String[]::new));
    }

    private Endpoints endpoints() {
        return Endpoints.readFrom(directory).orElseThrow();
    }

    private SaleResult sale(CouponId coupon, String userPrefix, int users, int stock) throws Exception {
        return FlashSale.run(SalePlan.of(coupon, users, stock, 20).withUserPrefix(userPrefix), endpoints(), () -> {});
    }

    private SaleResult continueSale(CouponId coupon, String userPrefix, int users) throws Exception {
        return FlashSale.join(SalePlan.of(coupon, users, 1, 20).withUserPrefix(userPrefix), endpoints(), () -> {});
    }

    private static List<Long> sequences(SaleResult sale) {
        return sale.lastReplies().stream().filter(Reply.Issued.class::isInstance)
                .map(reply -> ((Reply.Issued) reply).sequence()).sorted().toList();
    }

    private static List<Long> range(long first, long last) {
        return Stream.iterate(first, number -> number <= last, number -> number + 1).toList();
    }
}
