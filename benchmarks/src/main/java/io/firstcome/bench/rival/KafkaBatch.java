package io.firstcome.bench.rival;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

import org.apache.kafka.clients.consumer.ConsumerConfig;
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
 * A script in Redis checks stock and user; the winner's record goes to Kafka, keyed by coupon; a consumer waits for 100
 * records or 500 ms, stores them and lowers the coupon's remaining stock in one transaction, then commits its offsets
 * by hand.
 *
 * <p><b>Promises</b>, as long as Redis keeps its data: no more winners than stock, one coupon per user, and a winner is
 * told 'issued' only after the broker has the record. Records are handled at least once. <b>Does not promise</b>: there
 * is no dead letter, so one row that cannot be stored blocks its partition; a send that timed out is taken back in
 * Redis although Kafka may have the record, so the coupon can be given twice.
 *
 * <p>Better here than in the design that this rival follows: it waits for the acknowledgement, and the remaining stock
 * is lowered only by rows that are new, so that a repeated batch does not lower it twice.
 */
final class KafkaBatch implements Rival {

    static final RivalKind KIND = new RivalKind("kafka-batch", "Redis decides and Kafka only transports: lost Redis"
            + " data oversell, a send that timed out is taken back although Kafka may have it, and one row that cannot"
            + " be stored blocks its partition.", KafkaBatch::new);

    private static final Logger LOG = LoggerFactory.getLogger(KafkaBatch.class);
    private static final int WORKERS = 3;
    private static final int BATCH = 100;
    private static final int WAIT_MILLIS = 500;
    /** About the size of a full batch: the broker answers a fetch when it has as much, or after the wait. */
    private static final int BATCH_BYTES = BATCH * 50;

    private final RedisStock stock;
    private final RowStore rows;
    private final RivalTopic topic;
    private final KafkaProducer<String, String> producer;
    private final TopicWorkers workers;

    private KafkaBatch(BenchServers servers) throws SQLException, ExecutionException, InterruptedException {
        stock = new RedisStock(servers.redis(), KIND.namespace() + ":");
        rows = new RowStore(KIND.database(servers), WORKERS + 1);
        topic = new RivalTopic(servers.kafkaBootstrap(), KIND.namespace()).create();
        producer = topic.producer(Map.of(ProducerConfig.LINGER_MS_CONFIG, 1));
        workers = new TopicWorkers(topic, WORKERS, Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, BATCH,
                ConsumerConfig.FETCH_MIN_BYTES_CONFIG, BATCH_BYTES,
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, WAIT_MILLIS),
                values -> rows.insertAndCount(values.stream().map(Row::parse).toList()));
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

    @Override
    public void close() {
        workers.close();
        producer.close();
        stock.close();
        rows.close();
    }
}
