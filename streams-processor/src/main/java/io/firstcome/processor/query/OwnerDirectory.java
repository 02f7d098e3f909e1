package io.firstcome.processor.query;

import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.HostInfo;

import io.firstcome.contract.CouponId;
import io.firstcome.processor.topology.CouponTopology;

/** Finds the instance whose stores hold a coupon. All that is kept of one coupon lies in one place, its users too. */
final class OwnerDirectory {

    private static final StringSerializer KEYS = new StringSerializer();

    private final KafkaStreams streams;
    private final HostInfo self;

    OwnerDirectory(KafkaStreams streams, HostInfo self) {
        this.streams = streams;
        this.self = self;
    }

    HostInfo self() {
        return self;
    }

    Owner of(CouponId couponId) {
        try {
            return owner(streams.queryMetadataForKey(CouponTopology.COUPONS, couponId.value(), KEYS));
        } catch (InvalidStateStoreException | IllegalStateException notNow) {
            // The first says that a store is on the move, the second that Kafka Streams is not running at all.
            return new Owner.Unknown("This instance is " + streams.state() + " and cannot tell.");
        }
    }

    private Owner owner(KeyQueryMetadata metadata) {
        if (metadata.equals(KeyQueryMetadata.NOT_AVAILABLE) || metadata.activeHost().equals(HostInfo.unavailable())) {
            return new Owner.Unknown("The coupon has no owner until the instances have shared the work out.");
        }
        return metadata.activeHost().equals(self)
                ? new Owner.Here(CouponTopology.view(streams, metadata.partition()))
                : new Owner.Elsewhere(metadata.activeHost());
    }
}
