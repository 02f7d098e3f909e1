package io.firstcome.standalone.evidence;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.UserId;
import io.firstcome.contract.json.ContractViolation;
import io.firstcome.contract.topic.Topics;
import io.firstcome.gate.redis.GateEntry;
import io.firstcome.gate.redis.GateKeys;
import io.firstcome.gate.redis.RedisSettings;
import io.firstcome.kit.service.Environment;
import io.firstcome.testkit.evidence.GateView;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/** Reads the gate's keys of a coupon directly, without the gate's scripts. Writes nothing. */
public final class GateReader implements AutoCloseable {

    private static final String POSITIONS = "fc:projector:offsets";
    /** Redis serves nothing else while it lists a hash, so a million holders are listed in parts. */
    private static final int HOLDERS_PER_SCAN = 1_000;

    private static final int CONNECTIONS = 2;
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final UnifiedJedis redis;

    /**
     * Connects to a single server when it is first used. Sentinels with a password take it from the environment.
     *
     * @param uri an address that {@link RedisSettings} accepts
     * @throws redis.clients.jedis.exceptions.JedisException when no sentinel and no node of the cluster is reachable
     */
    public GateReader(String uri) {
        Map<String, String> settings = new HashMap<>(Environment.read());
        settings.put("FIRSTCOME_REDIS_URL", uri);
        redis = RedisSettings.from(settings).with(CONNECTIONS, TIMEOUT).client();
    }

    /**
     * What the gate has of a coupon.
     *
     * @param log the id of {@code coupon-outcomes} that the facts come from
     * @param view the facts and the holders
     * @param knownSequences how many sequences the gate knows, as held or as revoked
     */
    public record Reading(String log, GateView view, long knownSequences) {}

    /**
     * Empty while the gate is cold: it may already have holders, but not the coupon's state. The holders are not read
     * at one moment.
     *
     * @throws ContractViolation when another program wrote the keys
     */
    public Optional<Reading> read(CouponId coupon) {
        List<String> keys = GateKeys.of(coupon);
        Map<String, String> facts = redis.hgetAll(keys.get(0));
        if (!facts.containsKey("version")) {
            return Optional.empty();
        }
        try {
            Map<UserId, List<Long>> held = new HashMap<>();
            long revoked = 0;
            for (Map.Entry<String, String> field : fields(keys.get(1)).entrySet()) {
                if (GateEntry.isUser(field.getKey())) {
                    held.put(new UserId(field.getKey()),
                            GateEntry.parseAll(field.getValue()).stream().map(GateEntry::sequence).toList());
                } else if (field.getKey().length() > 1) {
                    revoked++;
                }
            }
            long known = held.values().stream().mapToLong(List::size).sum() + revoked;
            return Optional.of(new Reading(facts.getOrDefault("log", ""), new GateView(facts(facts), held), known));
        } catch (IllegalArgumentException e) {
            throw new ContractViolation("gate", "has keys of " + coupon + " that are not readable: " + e.getMessage());
        }
    }

    /** The facts and the holders; empty while the gate is cold. */
    Optional<GateView> view(CouponId coupon) {
        return read(coupon).map(Reading::view);
    }

    /**
     * Up to where the projector has written the outcomes, by partition. A partition without a position is missing.
     *
     * @param log the id of {@code coupon-outcomes}
     */
    public Map<Integer, Long> positions(String log) {
        Map<Integer, Long> positions = new HashMap<>();
        String prefix = Topics.OUTCOMES.name() + "-";
        redis.hgetAll(POSITIONS).forEach((field, offset) -> {
            if (field.startsWith(prefix) && field.endsWith("@" + log) && offset.matches("\\d{1,18}")) {
                positions.put(Integer.valueOf(field.substring(prefix.length(), field.indexOf('@'))),
                        Long.valueOf(offset));
            }
        });
        return positions;
    }

    private Map<String, String> fields(String key) {
        Map<String, String> fields = new HashMap<>();
        var parameters = new ScanParams().count(HOLDERS_PER_SCAN);
        String cursor = ScanParams.SCAN_POINTER_START;
        do {
            ScanResult<Map.Entry<String, String>> part = redis.hscan(key, cursor, parameters);
            part.getResult().forEach(field -> fields.put(field.getKey(), field.getValue()));
            cursor = part.getCursor();
        } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
        return fields;
    }

    private static GateView.Facts facts(Map<String, String> facts) {
        return new GateView.Facts(number(facts, "version"), CouponStatus.valueOf(facts.get("status")),
                number(facts, "stock"), number(facts, "issued"), Instant.ofEpochMilli(number(facts, "opensAt")),
                Instant.ofEpochMilli(number(facts, "closesAt")), number(facts, "revoked"),
                (int) number(facts, "perUser"), Boolean.parseBoolean(facts.get("reclaim")));
    }

    private static long number(Map<String, String> facts, String field) {
        return Long.parseLong(facts.get(field));
    }

    @Override
    public void close() {
        redis.close();
    }
}
