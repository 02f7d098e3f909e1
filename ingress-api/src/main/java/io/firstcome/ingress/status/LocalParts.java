package io.firstcome.ingress.status;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * What an ingress knows about Redis and Kafka besides its health checks. Each supplier returns a problem text, or
 * nothing when all is well, within a fraction of a second.
 *
 * @param redis whether Redis answers
 * @param projector why records are not projected to the gate at the moment
 * @param projectorLag how many records the projector of this ingress is behind; empty while that is not known
 * @param projectorStopped how many partitions the projector of this ingress has left, because they need a person
 * @param kafka whether Kafka answers
 * @param reading why some partition has not been read up to now
 */
public record LocalParts(
        Supplier<Optional<String>> redis,
        Supplier<Optional<String>> projector,
        Supplier<OptionalLong> projectorLag,
        IntSupplier projectorStopped,
        Supplier<Optional<String>> kafka,
        Supplier<Optional<String>> reading) {}
