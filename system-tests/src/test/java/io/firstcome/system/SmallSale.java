package io.firstcome.system;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponCommand.CloseCoupon;
import io.firstcome.contract.CouponCommand.DefineCoupon;
import io.firstcome.contract.CouponCommand.IssueCoupon;
import io.firstcome.contract.CouponCommand.PauseCoupon;
import io.firstcome.contract.CouponCommand.ResumeCoupon;
import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.testkit.fixture.UserIds;

/** Random commands of users and operators for several coupons, reproducible by the seed. */
final class SmallSale {

    private static final int COUPONS = 5;
    private static final int USERS = 150;
    private static final int COMMANDS = 2000;

    private final Random random;
    private final List<CouponId> coupons;
    private final List<CouponCommand> commands = new ArrayList<>();
    private final Instant opensAt = Instant.now().truncatedTo(ChronoUnit.MILLIS).minusSeconds(1);

    /** @param name the prefix of the coupon ids, unique among all sales of a log */
    SmallSale(String name, long seed) {
        random = new Random(seed);
        coupons = IntStream.range(0, COUPONS).mapToObj(i -> new CouponId(name + "-" + i)).toList();
        coupons.forEach(coupon -> commands.add(define(coupon, 20 + random.nextInt(30))));
        Stream.generate(this::next).limit(COMMANDS).forEach(commands::add);
        coupons.subList(0, COUPONS / 2).forEach(coupon -> commands.add(new CloseCoupon(request(), coupon)));
        Stream.generate(this::next).limit(COMMANDS / 10).forEach(commands::add);
    }

    List<CouponCommand> commands() {
        return commands;
    }

    private CouponCommand next() {
        CouponId coupon = coupons.get(random.nextInt(COUPONS));
        return switch (random.nextInt(100)) {
            case 0 -> new PauseCoupon(request(), coupon);
            case 1, 2 -> new ResumeCoupon(request(), coupon);
            case 3 -> define(coupon, 20 + random.nextInt(130));
            case 4, 5, 6, 7, 8, 9, 10, 11 -> commands.get(random.nextInt(commands.size()));
            default -> new IssueCoupon(request(), coupon, UserIds.of(random.nextInt(USERS)));
        };
    }

    private CouponCommand define(CouponId coupon, long stock) {
        return new DefineCoupon(request(), new CouponDefinition(coupon, "Coffee", stock, opensAt,
                opensAt.plus(1, ChronoUnit.HOURS)));
    }

    private RequestId request() {
        return new RequestId("r" + commands.size());
    }
}
