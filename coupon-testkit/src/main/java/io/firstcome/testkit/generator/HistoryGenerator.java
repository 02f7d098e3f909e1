package io.firstcome.testkit.generator;

import static io.firstcome.testkit.fixture.CouponFixture.OPENS_AT;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponCommand.ArchiveCoupon;
import io.firstcome.contract.CouponCommand.CloseCoupon;
import io.firstcome.contract.CouponCommand.DefineCoupon;
import io.firstcome.contract.CouponCommand.IssueCoupon;
import io.firstcome.contract.CouponCommand.PauseCoupon;
import io.firstcome.contract.CouponCommand.ResumeCoupon;
import io.firstcome.contract.CouponCommand.RevokeIssue;
import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.testkit.fixture.UserIds;
import io.firstcome.testkit.log.LoggedCommand;

/**
 * Generates short histories with many conflicts: few users who claim repeatedly, small stocks and limits that change,
 * coupons that are revoked with and without their sequence, windows that open and close during the history, and a clock
 * that sometimes steps back.
 */
final class HistoryGenerator {

    private static final int PARTITIONS = 2;
    private static final int MAX_STOCK = 6;
    private static final int MAX_PER_USER = 3;

    private final long seed;
    private final String prefix;
    private final Random random;
    private final int coupons;
    private final int users;
    private final long[] nextOffset = new long[PARTITIONS];
    private final List<LoggedCommand> commands = new ArrayList<>();
    private Instant now = OPENS_AT;

    /** @param prefix the beginning of all coupon ids */
    HistoryGenerator(long seed, String prefix) {
        this.seed = seed;
        this.prefix = prefix;
        this.random = new Random(seed);
        this.coupons = 1 + random.nextInt(3);
        this.users = 2 + random.nextInt(8);
    }

    History generate() {
        int length = 10 + random.nextInt(70);
        while (commands.size() < length) {
            append(withChance(10) && !commands.isEmpty() ? repeated() : next());
        }
        return new History(seed, commands);
    }

    private void append(CouponCommand command) {
        now = now.plusMillis(withChance(12) ? -random.nextInt(3_000) : random.nextInt(1_500));
        CouponId key = withChance(1) ? coupon() : command.couponId();
        int partition = Math.floorMod(key.hashCode(), PARTITIONS);
        commands.add(new LoggedCommand(partition, nextOffset[partition]++, now, key, command));
    }

    private CouponCommand repeated() {
        return commands.get(random.nextInt(commands.size())).command();
    }

    private CouponCommand next() {
        RequestId request = new RequestId("r" + commands.size());
        if (commands.size() < coupons * 2 && withChance(60)) {
            return new DefineCoupon(request, definition());
        }
        if (withChance(14)) {
            return new RevokeIssue(request, coupon(), user(),
                    withChance(60) ? null : 1 + random.nextLong(2 * MAX_STOCK));
        }
        return withChance(78) ? new IssueCoupon(request, coupon(), user()) : operatorCommand(request);
    }

    private UserId user() {
        return UserIds.of(random.nextInt(users));
    }

    private CouponCommand operatorCommand(RequestId request) {
        return switch (random.nextInt(12)) {
            case 0, 1 -> new PauseCoupon(request, coupon());
            case 2, 3, 4 -> new ResumeCoupon(request, coupon());
            case 5 -> withChance(50)
                    ? new CloseCoupon(request, coupon())
                    : new ArchiveCoupon(request, coupon());
            default -> new DefineCoupon(request, definition());
        };
    }

    private CouponId coupon() {
        return new CouponId(prefix + "c" + random.nextInt(coupons));
    }

    /** Most windows contain the current time; the others open or close a few commands later or have already closed. */
    private CouponDefinition definition() {
        Instant opensAt = now.plusMillis(withChance(25) ? random.nextInt(10_000) : -1_000 - random.nextInt(1_000));
        Instant closesAt = opensAt.plusMillis(withChance(30) ? 1 + random.nextInt(20_000) : 3_600_000);
        return new CouponDefinition(coupon(), "Coffee", 1 + random.nextInt(MAX_STOCK), opensAt, closesAt,
                withChance(50) ? 1 : 1 + random.nextInt(MAX_PER_USER), withChance(75));
    }

    private boolean withChance(int percent) {
        return random.nextInt(100) < percent;
    }
}
