package io.firstcome.bench.rival;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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
 * One DECR in Redis takes from the stock; the record goes to Kafka with a long linger and large batches, and the user
 * is answered at once; three consumers store up to 500 records by one statement.
 *
 * <p><b>Promises</b>, as long as Redis keeps its data: no more winners than stock. Rows that cannot be stored are tried
 * again with growing pauses, then go to a dead-letter topic, whose records are stored one by one. <b>Does not
 * promise</b>: the answer is given before the broker has the record, so a crash loses all coupons that were
 * acknowledged within the linger and the send; one user may win several times, because each request has a new id and
 * only that id is unique in the table.
 *
 * <p>Better here than in the design that this rival follows: records have no key, so that all three partitions and
 * consumers share the work, and each batch is one statement. The dead-letter topic has a consumer.
 */
final class AnswerBeforeAck implements Rival {

    static final RivalKind KIND = new RivalKind("answer-before-ack", "Answers before the broker has the record, so a"
            + " crash loses acknowledged coupons; one user may win several times, because only the stock is checked.",
            AnswerBeforeAck::new);

    private static final Logger LOG = LoggerFactory.getLogger(AnswerBeforeAck.class);
    private static final int WORKERS = 3;
    private static final int RETRIES = 5;
    private static final long FIRST_RETRY_MILLIS = 1_000;
    private static final Map<String, Object> PRODUCER = Map.of(
            ProducerConfig.LINGER_MS_CONFIG, 100,
            ProducerConfig.BATCH_SIZE_CONFIG, 1 << 20,
            ProducerConfig.RETRIES_CONFIG, RETRIES,
            ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 1_000,
            ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);

    private final RedisStock stock;
    private final RowStore rows;
    private final RivalTopic topic;
    private final RivalTopic deadLetters;
    private final KafkaProducer<String, String> producer;
    private final TopicWorkers workers;
    private final TopicWorkers deadLetterWorker;

    private AnswerBeforeAck(BenchServers servers) throws SQLException, ExecutionException, InterruptedException {
        stock = new RedisStock(servers.redis(), KIND.namespace() + ":");
        rows = new RowStore(KIND.database(servers), WORKERS + 2);
        topic = new RivalTopic(servers.kafkaBootstrap(), KIND.namespace()).create();
        deadLetters = topic.deadLetters().create();
        producer = topic.producer(PRODUCER);
        workers = new TopicWorkers(topic, WORKERS, Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 500), this::store);
        deadLetterWorker = new TopicWorkers(deadLetters, 1, Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1),
                values -> rows.insert(parse(values)));
    }

    @Override
    public void define(String couponId, long quantity) throws SQLException {
        rows.define(couponId, quantity);
        stock.define(couponId, quantity);
    }

    @Override
    public Reply claim(String couponId, String userId) {
        if (stock.client().decr(stock.stockKey(couponId)) < 0) {
            return Reply.SOLD_OUT;
        }
        String value = new Row(couponId, UUID.randomUUID().toString()).text();
        producer.send(new ProducerRecord<>(topic.name(), value), (_, failure) -> {
            if (failure != null) {
                LOG.warn("'{}' was acknowledged and could not be sent", value, failure);
                producer.send(new ProducerRecord<>(deadLetters.name(), value));
            }
        });
        return Reply.ACCEPTED;
    }

    private void store(List<String> values) throws ExecutionException, InterruptedException {
        long pause = FIRST_RETRY_MILLIS;
        for (int attempt = 0; attempt <= RETRIES; attempt++) {
            try {
                rows.insert(parse(values));
                return;
            } catch (SQLException e) {
                LOG.warn("{} rows could not be stored", values.size(), e);
                Thread.sleep(pause);
                pause *= 2;
            }
        }
        for (String value : values) {
            producer.send(new ProducerRecord<>(deadLetters.name(), value)).get();
        }
    }

    private static List<Row> parse(List<String> values) {
        return values.stream().map(Row::parse).toList();
    }

    @Override
    public void close() {
        workers.close();
        deadLetterWorker.close();
        producer.close();
        stock.close();
        rows.close();
    }
}
