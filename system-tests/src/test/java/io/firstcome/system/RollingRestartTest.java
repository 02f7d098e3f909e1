package io.firstcome.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

import io.firstcome.contract.id.CouponId;
import io.firstcome.embedded.process.FreePort;
import io.firstcome.ingress.IngressService;
import io.firstcome.ingress.IngressSettings;
import io.firstcome.standalone.demo.FlashSale;
import io.firstcome.standalone.demo.SalePlan;
import io.firstcome.standalone.evidence.StackEvidence;
import io.firstcome.standalone.stack.Endpoints;
import io.firstcome.testkit.evidence.Answer;
import io.firstcome.testkit.evidence.Reply;
import io.firstcome.testkit.guarantee.Guarantees;

/** Two ingresses behind a load balancer are restarted one after the other during a sale without a lost request. */
@ExtendWith(SharedStack.class)
@ResourceLock(SharedStack.LOCK)
class RollingRestartTest {

    private static final CouponId COUPON = new CouponId("rolling");
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @Test
    void shouldAnswerEveryRequestWhileEachInstanceIsRestarted(Endpoints stack) throws Exception {
        var one = new Instance(stack);
        var two = new Instance(stack);
        var both = inParallel(one, two);
        try (both; var balancer = new LoadBalancer(List.of(one.url(), two.url()))) {
            // given
            await().atMost(TIMEOUT).until(() -> balancer.ready().size() == 2);
            Endpoints endpoints = through(balancer, stack);
            List<Answer> answers = new ArrayList<>(
                    FlashSale.run(plan(0), endpoints, () -> {}).answers());

            // when
            CompletableFuture<Void> restarts = inBackground(() -> {
                restart(one, two, balancer);
                restart(two, one, balancer);
            });
            for (int i = 1; !restarts.isDone() || i < 3; i++) {
                answers.addAll(FlashSale.join(plan(i), endpoints, () -> {}).answers());
            }

            // then
            restarts.join();
            assertThat(balancer.lost()).isEmpty();
            assertThat(answers).extracting(Answer::reply).hasOnlyElementsOfTypes(Reply.Issued.class,
                    Reply.Accepted.class, Reply.InFlight.class, Reply.Rejected.class);
            Guarantees.assertAllChecked(new StackEvidence(stack).of(COUPON, answers));
        }
    }

    private static SalePlan plan(int number) {
        return SalePlan.of(COUPON, 200, 1_000_000, 20).withUserPrefix("users" + number);
    }

    private static Endpoints through(LoadBalancer balancer, Endpoints stack) {
        return new Endpoints(balancer.url(), stack.admin(), stack.adminToken(), stack.processor(), stack.sink(),
                stack.kafka(), stack.redis(), stack.jdbc());
    }

    /** Each close takes as long as the stop delay. */
    private static AutoCloseable inParallel(Instance one, Instance two) {
        return () -> CompletableFuture.allOf(inBackground(one::close), inBackground(two::close)).join();
    }

    private static CompletableFuture<Void> inBackground(Runnable work) {
        return CompletableFuture.runAsync(work, Executors.newVirtualThreadPerTaskExecutor());
    }

    /** Returns after the restarted instance has answered requests again. */
    private static void restart(Instance instance, Instance other, LoadBalancer balancer) {
        instance.stop();
        await().atMost(TIMEOUT).until(() -> balancer.ready().equals(List.of(other.url())));
        int before = balancer.answeredBy(instance.url());
        instance.start();
        await().atMost(TIMEOUT).until(() -> balancer.answeredBy(instance.url()) > before + 20);
    }

    /** An ingress that is restarted with the same port. */
    private static final class Instance implements AutoCloseable {

        private final IngressSettings settings;
        private IngressService service;

        Instance(Endpoints stack) {
            settings = IngressSettings.from(
                    Map.of("FIRSTCOME_KAFKA_BOOTSTRAP_SERVERS", stack.kafka(), "FIRSTCOME_REDIS_URL", stack.redis(),
                            "FIRSTCOME_PROCESSOR_URL", stack.processor(), "FIRSTCOME_ADMIN_TOKEN", stack.adminToken(),
                            "FIRSTCOME_HTTP_PORT", String.valueOf(FreePort.pick()), "FIRSTCOME_ADMIN_PORT", "0",
                            // Longer than several probes of the load balancer, because the machine may be busy.
                            "FIRSTCOME_STOP_DELAY_MS", "3000", "FIRSTCOME_REPLICAS", "1"));
            start();
        }

        String url() {
            return "http://127.0.0.1:" + settings.http().port();
        }

        void start() {
            service = IngressService.start(settings);
        }

        void stop() {
            service.close();
        }

        @Override
        public void close() {
            stop();
        }
    }
}
