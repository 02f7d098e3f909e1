package io.firstcome.bench.rival;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.bench.rival.parts.RedisStock;
import io.firstcome.bench.rival.parts.Reply;
import io.firstcome.bench.rival.parts.RivalTopic;
import io.firstcome.bench.rival.parts.RowStore;
import io.firstcome.bench.rival.parts.RowStore.Row;
import io.firstcome.bench.rival.parts.TopicWorkers;
import io.firstcome.bench.system.BenchServers;

/**
 * A script in Redis checks stock and user; the winner's record goes to Kafka, keyed by coupon; a consumer stores each
 * record in a transaction of its own.
 *
 * <p><b>Promises</b>, as long as Redis keeps its data: no more winners than stock, one coupon per user, and a winner is
 * told 'issued' only after the broker has the record. A row that cannot be stored three times goes to a dead-letter
 * topic. <b>Does not promise</b>: a send that timed out is taken back in Redis although Kafka may have the record, so
 * the coupon can be given twice; an outage of the database for more than a few seconds moves winners to the dead
 * letters.
 *
 * <p>Better here than in the design that this rival follows: it waits for the acknowledgement, and linger is short.
 */
final class KafkaPerMessage implements Rival {

    static final RivalKind KIND = new RivalKind("kafka-per-message", "Redis decides and Kafka only transports: lost"
            + " Redis data oversell, a send that timed out is taken back although Kafka may have it, and one"
            + " transaction per row bounds the speed of storing.", KafkaPerMessage::new);

    private static final Logger LOG = LoggerFactory.getLogger(KafkaPerMessage.class);
    private static final int WORKERS = 3;
    private static final int ATTEMPTS = 3;
    private static final long RETRY_MILLIS = 1_000;

    private final RedisStock stock;
    private final RowStore rows;
    private final RivalTopic topic;
    private final RivalTopic deadLetters;
    private final KafkaProducer<String, String> producer;
    private final TopicWorkers workers;

    private KafkaPerMessage(BenchServers servers) throws SQLException, ExecutionException, InterruptedException {
        stock = new RedisStock(servers.redis(), KIND.namespace() + ":");
        rows = new RowStore(KIND.database(servers), WORKERS + 1);
        topic = new RivalTopic(servers.kafkaBootstrap(), KIND.namespace()).create();
        deadLetters = topic.deadLetters().create();
        producer = topic.producer(Map.of(ProducerConfig.LINGER_MS_CONFIG, 1));
        workers = new TopicWorkers(topic, WORKERS, Map.of(), this::storeEach);
    }

    @Override
    public void define(String couponId, long quantity) throws SQLException {
        rows.define(couponId, quantity);
        stock.define(couponId, quantity);
    }

    @Override
    public Reply claim(String couponId, String userId) throws InterruptedException {
        Reply reply = stock.take(couponId, userId);
        if (reply != Reply.ISSUED) {
            return reply;
        }
        try {
            producer.send(new ProducerRecord<>(topic.name(), couponId, new Row(couponId, userId).text())).get();
            return reply;
        } catch (ExecutionException e) {
            LOG.warn("the claim of {} for {} is taken back", userId, couponId, e);
            stock.giveBack(couponId, userId);
            return Reply.UNAVAILABLE;
        }
    }

    private void storeEach(List<String> values) throws ExecutionException, InterruptedException {
        for (String value : values) {
            store(value);
        }
    }

    private void store(String value) throws ExecutionException, InterruptedException {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            try {
                rows.insert(List.of(Row.parse(value)));
                return;
            } catch (SQLException e) {
                LOG.warn("attempt {} to store '{}' failed", attempt, value, e);
                Thread.sleep(RETRY_MILLIS);
            }
        }
        producer.send(new ProducerRecord<>(deadLetters.name(), value)).get();
    }

    @Override
    public void close() {
        workers.close();
        producer.close();
        stock.close();
        rows.close();
    }
}
