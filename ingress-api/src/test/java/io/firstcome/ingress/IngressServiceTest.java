package io.firstcome.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import io.firstcome.embedded.EmbeddedRedis;
import io.firstcome.ingress.testing.Reply;
import io.firstcome.ingress.testing.ScriptedAuthority;
import io.firstcome.ingress.testing.Servers;
import io.firstcome.ingress.testing.TestIngress;

@ExtendWith(Servers.class)
class IngressServiceTest {

    private static EmbeddedRedis redis;
    private static ScriptedAuthority authority;
    private static TestIngress ingress;

    @BeforeAll
    static void start() {
        redis = EmbeddedRedis.start(Servers.directory("redis"), 0);
        authority = new ScriptedAuthority();
        ingress = TestIngress.on(redis.uri());
    }

    @AfterAll
    static void stop() throws Exception {
        ingress.close();
        authority.close();
        redis.close();
    }

    @Test
    void shouldGiveTheWholeStockAndThenSayNo() {
        // given
        Reply created = ingress.define("all", 2);
        assertThat(created.status()).as(created.text()).isEqualTo(201);

        // when
        Reply first = ingress.claim("all", "u1", "Prefer", "wait=10");
        Reply second = ingress.claim("all", "u2", "Prefer", "wait=10");
        Reply third = ingress.claim("all", "u3", "Prefer", "wait=10");

        // then
        assertThat(first.status()).as(first.text()).isEqualTo(201);
        assertThat(first.get("sequence")).isEqualTo("1");
        assertThat(second.get("sequence")).isEqualTo("2");
        assertThat(third.problem()).isEqualTo("409 sold-out");
        System.out.println(first + "\n" + third);
        System.out.println(ingress.get("/metrics").text().lines().filter(l -> l.startsWith("firstcome")).toList());
    }
}
