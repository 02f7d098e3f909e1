package io.firstcome.gate.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.gate.redis.RedisAddress.Login;
import io.firstcome.kit.service.StartFailure;

class RedisAddressTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"redis://h:1|SINGLE|false|h:1||0", "rediss://h:1/3|SINGLE|true|h:1||3",
        "redis://redis_1:6379/|SINGLE|false|redis_1:6379||0", "redis://[::1]:6379|SINGLE|false|[::1]:6379||0",
        "redis-sentinel://a:1,b:2/gate|SENTINEL|false|a:1,b:2|gate|0",
        "rediss-sentinel://u:p@a:1,b:2/my.gate-1/2|SENTINEL|true|a:1,b:2|my.gate-1|2",
        "redis-cluster://u:p@a:1,b:2,10.0.0.1:3|CLUSTER|false|a:1,b:2,10.0.0.1:3||0",
        "rediss-cluster://a:1/0|CLUSTER|true|a:1||0"})
    void shouldReadAUrl(String url, RedisAddress.Topology topology, boolean tls, String servers, String primary,
            int database) {
        // when
        RedisAddress address = RedisAddress.of(URI.create(url));

        // then
        assertThat(address.topology()).isEqualTo(topology);
        assertThat(address.tls()).isEqualTo(tls);
        assertThat(address.servers()).extracting(Object::toString).containsExactly(servers.split(","));
        assertThat(address.primary()).isEqualTo(primary == null ? "" : primary);
        assertThat(address.database()).isEqualTo(database);
    }

    @Test
    void shouldDecodeTheLogin() {
        assertThat(RedisAddress.of(URI.create("redis://me:p%40s%3As+1@h:1")).login())
                .contains(new Login(Optional.of("me"), "p@s:s+1"));
        assertThat(RedisAddress.of(URI.create("redis-cluster://:secret@h:1")).login())
                .contains(new Login(Optional.empty(), "secret"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"h:1", "http://h:1", "redis://h", "redis://h:0", "redis://h:65536", "redis://h:1,i:2",
        "redis://h:1/x", "redis://h:1?protocol=3", "redis://:1", "redis://", "redis-sentinel://h:1",
        "redis-sentinel://h:1/", "redis-sentinel://h:1,/gate", "redis-sentinel://h/gate", "redis-cluster://h:1/1",
        "redis-cluster://h:1,i", "redis://me:tops3cret@h", "redis-sentinel://me:tops3cret@h:1",
        "redis-cluster://me:tops3cret@h:1/7", "redis://tops3cret@h:1", "redis://me:tops 3cret@h:1",
        "redis-sentinels://me:tops3cret@h:1/gate", "redis-cluster://me:tops3cret@me:tops3cret@h:1"})
    void shouldRefuseAnotherUrlInOneLineWithoutThePassword(String url) {
        assertThatThrownBy(() -> RedisSettings.from(Map.of("FIRSTCOME_REDIS_URL", url)))
                .isInstanceOf(StartFailure.class).hasMessageContaining("FIRSTCOME_REDIS_URL").message()
                .hasLineCount(1).doesNotContain("tops");
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis://me:tops3cret@h:1", "redis-sentinel://me:tops3cret@h:1/gate",
        "rediss-cluster://me:tops3cret@h:1"})
    void shouldNotShowPasswords(String url) {
        // when
        RedisSettings settings = RedisSettings.from(Map.of("FIRSTCOME_REDIS_URL", url,
                "FIRSTCOME_REDIS_SENTINEL_USER", "me", "FIRSTCOME_REDIS_SENTINEL_PASSWORD", "topsecret"));

        // then
        assertThat(settings + " " + settings.address() + settings.sentinelLogin()).contains("h:1")
                .doesNotContain("tops");
    }
}
