package io.firstcome.processor.query;

import java.util.Optional;

import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.HostInfo;

import io.firstcome.contract.id.CouponId;
import io.firstcome.processor.topology.CouponTopology;

/**
 * Finds the instance whose stores hold a coupon. One partition holds everything about one coupon, its holders included.
 *
 * @param self this instance's {@code application.server}
 * @param served whose stores are complete
 */
record OwnerLookup(KafkaStreams streams, HostInfo self, ServedTasks served) {

    private static final StringSerializer KEYS = new StringSerializer();

    Owner ownerOf(CouponId couponId) {
        try {
            KeyQueryMetadata metadata = streams.queryMetadataForKey(CouponTopology.COUPONS, couponId.value(), KEYS);
            if (metadata.equals(KeyQueryMetadata.NOT_AVAILABLE)
                    || metadata.activeHost().equals(HostInfo.unavailable())) {
                return new Owner.Unknown("The partitions are not assigned yet.");
            }
            return metadata.activeHost().equals(self)
                    ? local(metadata.partition())
                    : new Owner.Remote(metadata.activeHost());
        } catch (InvalidStateStoreException | IllegalStateException e) {
            // The first means that the store is moving, the second that Kafka Streams is not running.
            return new Owner.Unknown("The state of this instance is " + streams.state() + ".");
        }
    }

    private Owner local(int partition) {
        Optional<Object> start = served.start(partition);
        return start.isEmpty()
                ? new Owner.Unknown("The state of the coupon is being restored.")
                : new Owner.Local(CouponTopology.view(streams, partition), () -> served.start(partition).equals(start));
    }
}
