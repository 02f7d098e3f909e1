package io.firstcome.processor;

import java.util.Map;

import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.WriteBufferManager;

/**
 * Lets all stores of the process share one bounded piece of memory. Left alone each of them takes up to 100 MB outside
 * the heap, three times per partition, until the machine runs out of it.
 *
 * <p>Public with a public constructor because Kafka Streams makes it.
 */
public final class BoundedRocksDb implements RocksDBConfigSetter {

    private static final long ALL_BYTES = 128L << 20;
    private static final long WRITE_BUFFER_BYTES = 64L << 20;

    private static final Cache CACHE = new LRUCache(ALL_BYTES);
    private static final WriteBufferManager WRITE_BUFFERS = new WriteBufferManager(WRITE_BUFFER_BYTES, CACHE);

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> configs) {
        var table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(CACHE);
        table.setCacheIndexAndFilterBlocks(true);
        options.setTableFormatConfig(table);
        options.setWriteBufferManager(WRITE_BUFFERS);
    }

    /** Closes nothing: the memory is shared and lives as long as the process. */
    @Override
    public void close(String storeName, Options options) {}
}
