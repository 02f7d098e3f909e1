package io.firstcome.bench.rival;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.bench.servers.RealServers;
import io.firstcome.bench.system.CouponSystem;
import io.firstcome.bench.system.RivalFactory;

@ExtendWith(RealServers.class)
@Tag("measure")
class RivalsTest {

    private static final int USERS = 300;
    private static final int STOCK = 100;

    private static final Map<String, CouponSystem> STARTED = new HashMap<>();

    private final HttpClient http = HttpClient.newHttpClient();

    @AfterAll
    static void close() {
        STARTED.values().forEach(CouponSystem::close);
    }

    static List<String> rivals() {
        return Rivals.all().stream().map(RivalFactory::name).toList();
    }

    @ParameterizedTest
    @MethodSource("rivals")
    void shouldGiveOutTheStockAndStoreEachWinner(String name) throws Exception {
        // given
        CouponSystem rival = started(name);
        String coupon = "rush-" + name;
        rival.createCoupon(coupon, STOCK);
        List<String> users = IntStream.range(0, USERS).mapToObj(i -> "user-" + i).toList();

        // when
        Map<Integer, Long> answers = claimTogether(rival.url(), coupon, users);

        // then
        int win = name.equals("answer-before-ack") ? 202 : 201;
        assertThat(answers).isEqualTo(Map.of(win, (long) STOCK, 409, (long) USERS - STOCK));
        await().until(() -> rival.storedRows(coupon) == STOCK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis-queue", "kafka-per-message", "kafka-batch"})
    void shouldGiveEachUserOneCoupon(String name) throws Exception {
        // given
        CouponSystem rival = started(name);
        String coupon = "repeated-" + name;
        rival.createCoupon(coupon, STOCK);

        // when
        Map<Integer, Long> answers = claimTogether(rival.url(), coupon, List.of("anna", "anna", "anna"));

        // then
        assertThat(answers).isEqualTo(Map.of(201, 1L, 409, 2L));
    }

    private static CouponSystem started(String name) throws Exception {
        if (!STARTED.containsKey(name)) {
            RivalFactory factory = Rivals.all().stream().filter(it -> it.name().equals(name)).findFirst().orElseThrow();
            STARTED.put(name, factory.start(RealServers.get(), RealServers.directory(name)));
        }
        return STARTED.get(name);
    }

    private Map<Integer, Long> claimTogether(URI url, String coupon, List<String> users) {
        List<CompletableFuture<Integer>> answers = users.stream().map(user -> claim(url, coupon, user)).toList();
        return answers.stream().map(CompletableFuture::join)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    private CompletableFuture<Integer> claim(URI url, String coupon, String user) {
        HttpRequest post = HttpRequest.newBuilder(url.resolve("/v1/coupons/" + coupon + "/issues"))
                .POST(HttpRequest.BodyPublishers.ofString("{\"userId\":\"" + user + "\"}")).build();
        return http.sendAsync(post, BodyHandlers.discarding()).thenApply(response -> response.statusCode());
    }
}
