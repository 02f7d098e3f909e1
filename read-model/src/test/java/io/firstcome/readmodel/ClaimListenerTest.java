package io.firstcome.readmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Map;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponCommand.IssueCoupon;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.contract.topic.Topics;
import io.firstcome.kit.kafka.KafkaClients;
import io.firstcome.readmodel.coupons.HolderSettings;
import io.firstcome.readmodel.events.EventSettings;
import io.firstcome.readmodel.requests.RequestSettings;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.KafkaServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

@ExtendWith(KafkaServer.class)
class ClaimListenerTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Campaign campaign = Campaign.openForLong();

    @Test
    void shouldReadAllClaimsButOwnAcknowledgedOnes() throws Exception {
        try (var clients = new KafkaClients(KafkaServer.kafkaSettings(), "ingress", "test", meters);
                var readModel = new ReadModel(clients, RequestSettings.from(Map.of()),
                        HolderSettings.from(Map.of()), EventSettings.from(Map.of()),
                        meters);
                var producer = new KafkaProducer<>(KafkaServer.kafkaSettings().client(), new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            // given
            // The outcome of a claim would make the claim known, too.
            KafkaServer.authority().hold(campaign.id());
            await().until(() -> readModel.claimCatchUp().isCurrent(campaign.couponId()));
            long next = producer.send(claim("before", "u1")).get().offset() + 1;
            readModel.ownAppends().add(clients.partitionOf(campaign.couponId()), next);

            // when
            producer.send(claim("own", "u2")).get();
            producer.send(claim("after", "u3")).get();

            // then
            await().until(() -> isKnown(readModel, "after"));
            assertThat(isKnown(readModel, "before")).isTrue();
            assertThat(isKnown(readModel, "own")).isFalse();
        } finally {
            KafkaServer.authority().resume(campaign.id());
        }
    }

    private boolean isKnown(ReadModel readModel, String request) {
        return readModel.requests().findOfAnyUser(campaign.couponId(), new RequestId(request)).isPresent();
    }

    private ProducerRecord<byte[], byte[]> claim(String request, String user) {
        CouponCommand claim = new IssueCoupon(new RequestId(request), campaign.couponId(), new UserId(user));
        return Topics.COMMANDS.record(claim);
    }
}
