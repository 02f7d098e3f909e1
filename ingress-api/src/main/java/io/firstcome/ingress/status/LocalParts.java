package io.firstcome.ingress.status;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * What an ingress knows about Redis and Kafka besides its health checks. Each supplier returns a problem text, or
 * nothing when all is well, within a fraction of a second.
 *
 * @param redis whether Redis answers
 * @param projector why records are not projected to the gate at the moment
 * @param projectorLag how many records the projector of this ingress is behind; empty while that is not known
 * @param kafka whether Kafka answers
 * @param reading why some partition has not been read up to now
 */
public record LocalParts(
        Supplier<Optional<String>> redis,
        Supplier<Optional<String>> projector,
        Supplier<OptionalLong> projectorLag,
        Supplier<Optional<String>> kafka,
        Supplier<Optional<String>> reading) {}
