package io.firstcome.ingress.testing;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.kit.http.Requests;
import io.firstcome.testing.KafkaServer;
import io.javalin.http.Context;

/** Lists the holders that the scripted authority knows, as the processor does. It ends with the JVM. */
final class HoldersServer {

    private static final TestServer SERVER = TestServer
            .with(routes -> routes.get("/v1/coupons/{couponId}/holders", HoldersServer::holders));

    private HoldersServer() {}

    static String url() {
        return "http://127.0.0.1:" + SERVER.port();
    }

    private static void holders(Context context) {
        String after = Optional.ofNullable(context.queryParam("after")).orElse("");
        List<Map<String, Object>> holders = KafkaServer.authority().holders(Requests.couponId(context)).stream()
                .filter(it -> it.userId().value().compareTo(after) > 0).map(HoldersServer::item).toList();
        Requests.answer(context, 200, Map.of("couponId", Requests.couponId(context), "holders", holders));
    }

    private static Map<String, Object> item(CouponIssued issued) {
        return Map.of("userId", issued.userId(), "sequence", issued.sequence(), "requestId", issued.requestId(),
                "issuedAt", issued.issuedAt());
    }
}
