package io.firstcome.bench.rival;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.bench.rival.parts.RedisStock;
import io.firstcome.bench.rival.parts.Reply;
import io.firstcome.bench.rival.parts.RowStore;
import io.firstcome.bench.rival.parts.RowStore.Row;
import io.firstcome.bench.system.BenchServers;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A script in Redis checks stock and user; winners wait in a list until a worker stores 100 of them by one statement.
 *
 * <p><b>Promises</b>, as long as Redis keeps its data: no more winners than stock, one coupon per user, every winner is
 * stored. <b>Does not promise</b> anything after a loss of Redis: list, winners and stock are in its memory only.
 *
 * <p>Better here than in the design that this rival follows: the script also appends to the list, which saves a round
 * trip and leaves no winner without an entry; the worker looks again at once while it finds entries and after 10 ms
 * otherwise, where that design waits for a schedule; and entries are removed only after they are stored.
 */
final class RedisQueue implements Rival {

    static final RivalKind KIND = new RivalKind("redis-queue", "Redis alone decides and its memory holds the queue:"
            + " winners that Redis loses before the worker stores them are lost, although they were told 'issued'.",
            RedisQueue::new);

    private static final Logger LOG = LoggerFactory.getLogger(RedisQueue.class);
    private static final int BATCH = 100;
    private static final int EMPTY_PAUSE_MILLIS = 10;
    private static final int ERROR_PAUSE_MILLIS = 1_000;

    private final RedisStock stock;
    private final RowStore rows;
    private final String queue = KIND.namespace() + ":queue";
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread worker;

    private RedisQueue(BenchServers servers) throws SQLException {
        stock = new RedisStock(servers.redis(), KIND.namespace() + ":");
        rows = new RowStore(KIND.database(servers), 2);
        worker = Thread.ofPlatform().name("queue-worker").start(this::drain);
    }

    @Override
    public void define(String couponId, long quantity) throws SQLException {
        rows.define(couponId, quantity);
        stock.define(couponId, quantity);
    }

    @Override
    public Reply claim(String couponId, String userId) {
        return stock.takeAndQueue(couponId, userId, queue, new Row(couponId, userId).text());
    }

    private void drain() {
        try {
            boolean closed = false;
            while (!closed) {
                closed = closing.await(storeBatch(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns after how many milliseconds to look again. */
    private int storeBatch() {
        try {
            List<String> entries = stock.client().lrange(queue, 0, BATCH - 1);
            if (entries.isEmpty()) {
                return EMPTY_PAUSE_MILLIS;
            }
            rows.insert(entries.stream().map(Row::parse).toList());
            stock.client().ltrim(queue, entries.size(), -1);
            return 0;
        } catch (SQLException | JedisException e) {
            LOG.warn("a batch could not be stored and is tried again", e);
            return ERROR_PAUSE_MILLIS;
        }
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            worker.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        stock.close();
        rows.close();
    }
}
