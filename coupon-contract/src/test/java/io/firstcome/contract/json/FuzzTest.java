package io.firstcome.contract.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.firstcome.contract.AboutCoupon;
import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponCommand.IssueCoupon;
import io.firstcome.contract.CouponCommand.RevokeIssue;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.Examples.Example;
import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.contract.topic.Topics;

/**
 * For any bytes, {@link Topic#decode} returns a value or throws a {@link ContractViolation}, and both are those of
 * {@link Json#read}. Every run uses another seed; {@code -Dfuzz.seed} repeats a failed run.
 */
class FuzzTest {

    private static final int MUTANTS = 3_000;
    private static final List<String> NASTY = List.of("null", "\"\"", "-0", "1e999", "\\ud800", "{}", "[]", "\"type\"",
            "\u0000", "\ufeff", "99999999999999999999", "\"requestId\":\"x\",", ",\"nth\":1", ",\"nth\":2",
            ",\"nth\":0",
            ",\"heldSequences\":[1]", "REVOKED", "}", "{", ",", "\\", "1970", "T24:");

    @ParameterizedTest
    @MethodSource("io.firstcome.contract.Examples#all")
    <V extends AboutCoupon> void shouldReadOrRejectMutatedBytes(Example<V> example) {
        // given
        byte[] valid = example.json().getBytes(UTF_8);
        long firstSeed = Long.getLong("fuzz.seed", System.nanoTime());

        for (long seed = firstSeed; seed < firstSeed + MUTANTS; seed++) {
            byte[] mutant = mutate(valid, new Random(seed));
            try {
                // when
                V value = example.topic().decode(mutant);

                // then
                assertThat(example.topic().decode(example.topic().encode(value))).isEqualTo(value);
            } catch (ContractViolation violation) {
                assertWritable(violation);
            } catch (RuntimeException | Error unexpected) {
                throw new AssertionError("seed " + seed + " of " + example + ": " + new String(mutant, UTF_8),
                        unexpected);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.firstcome.contract.Examples#all")
    <V extends AboutCoupon> void shouldReadTopicsAsJsonDoes(Example<V> example) {
        // given
        byte[] valid = example.json().getBytes(UTF_8);
        long firstSeed = Long.getLong("fuzz.seed", System.nanoTime());

        for (long seed = firstSeed; seed < firstSeed + MUTANTS; seed++) {
            byte[] mutant = mutate(valid, new Random(seed));

            // when
            Object read = result(() -> example.topic().decode(mutant));

            // then
            assertThat(read).describedAs("seed %d of %s: %s", seed, example, new String(mutant, UTF_8))
                    .isEqualTo(result(() -> Json.read(mutant, example.topic().type())));
        }
    }

    @Test
    void shouldWriteTopicsAsJsonDoes() {
        // given
        long firstSeed = Long.getLong("fuzz.seed", System.nanoTime());

        for (long seed = firstSeed; seed < firstSeed + MUTANTS; seed++) {
            CouponCommand command = command(new Random(seed));
            CouponOutcome outcome = outcome(new Random(seed));

            // when
            byte[] commandJson = Topics.COMMANDS.encode(command);
            byte[] outcomeJson = Topics.OUTCOMES.encode(outcome);

            // then
            assertThat(commandJson).describedAs("seed %d", seed).isEqualTo(Json.write(command));
            assertThat(outcomeJson).describedAs("seed %d", seed).isEqualTo(Json.write(outcome));
            assertThat(Topics.COMMANDS.decode(commandJson)).describedAs("seed %d", seed).isEqualTo(command);
            assertThat(Topics.OUTCOMES.decode(outcomeJson)).describedAs("seed %d", seed).isEqualTo(outcome);
        }
    }

    /** The value, or the message of the violation. */
    private static Object result(Supplier<Object> reader) {
        try {
            return reader.get();
        } catch (ContractViolation violation) {
            return violation.field() + ": " + violation.getMessage();
        }
    }

    private static IssueCoupon claim(Random random) {
        return new IssueCoupon(new RequestId(identifier(random)), new CouponId(identifier(random)),
                new UserId(user(random)));
    }

    private static CouponCommand command(Random random) {
        IssueCoupon claim = claim(random);
        return random.nextInt(4) > 0
                ? claim
                : new RevokeIssue(claim.requestId(), claim.couponId(), claim.userId(),
                        random.nextBoolean() ? sequence(random) : null);
    }

    private static CouponOutcome outcome(Random random) {
        IssueCoupon claim = claim(random);
        Instant time = time(random);
        return switch (random.nextInt(5)) {
            case 0 -> new CouponIssued(claim.requestId(), claim.couponId(), claim.userId(), sequence(random), time);
            case 1 -> new CouponIssued(claim.requestId(), claim.couponId(), claim.userId(), sequence(random), time,
                    1 + random.nextInt(3));
            case 2 -> new IssueRevoked(claim.requestId(), claim.couponId(), claim.userId(), sequence(random),
                    new RequestId(identifier(random)), sequence(random), time);
            default -> rejected(claim, time, random);
        };
    }

    private static IssueRejected rejected(IssueCoupon claim, Instant time, Random random) {
        RejectionReason reason = RejectionReason.values()[random.nextInt(RejectionReason.values().length)];
        return new IssueRejected(claim.requestId(), claim.couponId(), claim.userId(), reason, time,
                reason == RejectionReason.ALREADY_ISSUED ? sequence(random) : null,
                reason == RejectionReason.NOT_STARTED ? time(random) : null,
                reason == RejectionReason.LIMIT_REACHED
                        ? Stream.generate(() -> sequence(random)).limit(1 + random.nextInt(4)).distinct().sorted()
                                .toList()
                        : null);
    }

    /** Any sequence, of few or of many digits. */
    private static long sequence(Random random) {
        return 1 + random.nextLong(random.nextBoolean() ? 1_000 : CouponOutcome.MAX_SEQUENCE);
    }

    private static String identifier(Random random) {
        return text(random, "ABCXYZabcxyz0189_-", 1 + random.nextInt(64));
    }

    /** Longer than two characters, because {@code .} and {@code ..} are not ids of users. */
    private static String user(Random random) {
        return text(random, "ABCXYZabcxyz0189_-.:|@+=~", 3 + random.nextInt(126));
    }

    private static String text(Random random, String allowed, int length) {
        return random.ints(length, 0, allowed.length()).mapToObj(allowed::charAt).map(String::valueOf)
                .collect(Collectors.joining());
    }

    /** Any time of the contract, often in whole seconds, minutes or days, whose text is shorter. */
    private static Instant time(Random random) {
        long unit = List.of(1L, 1_000L, 60_000L, 86_400_000L).get(random.nextInt(4));
        return Instant.ofEpochMilli(random.nextLong(253_402_300_800_000L) / unit * unit);
    }

    private static void assertWritable(ContractViolation violation) {
        var outcome = new CommandInvalid(new RequestId("r"), new CouponId("c"), violation.getMessage(), Instant.EPOCH);
        assertThat(Topics.OUTCOMES.decode(Topics.OUTCOMES.encode(outcome))).isEqualTo(outcome);
    }

    private static byte[] mutate(byte[] original, Random random) {
        byte[] bytes = original;
        for (int changes = 1 + random.nextInt(3); changes > 0 && bytes.length > 0; changes--) {
            int at = random.nextInt(bytes.length);
            bytes = switch (random.nextInt(5)) {
                case 0 -> withByte(bytes, at, (byte) random.nextInt(256));
                case 1 -> withByte(bytes, at, (byte) (bytes[at] ^ 1 << random.nextInt(8)));
                case 2 -> spliced(bytes, at, new byte[0], random.nextInt(1 + bytes.length - at));
                case 3 -> spliced(bytes, at, Arrays.copyOfRange(bytes, random.nextInt(at + 1), at), 0);
                default -> spliced(bytes, at, NASTY.get(random.nextInt(NASTY.size())).getBytes(UTF_8),
                        random.nextInt(1 + Math.min(10, bytes.length - at)));
            };
        }
        return bytes;
    }

    private static byte[] withByte(byte[] bytes, int at, byte value) {
        byte[] copy = bytes.clone();
        copy[at] = value;
        return copy;
    }

    private static byte[] spliced(byte[] bytes, int at, byte[] inserted, int removed) {
        byte[] result = Arrays.copyOf(bytes, bytes.length + inserted.length - removed);
        System.arraycopy(inserted, 0, result, at, inserted.length);
        System.arraycopy(bytes, at + removed, result, at + inserted.length, bytes.length - at - removed);
        return result;
    }
}
