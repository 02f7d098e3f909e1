package io.firstcome.readmodel.requests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.readmodel.requests.RequestStatus.Decided;
import io.firstcome.readmodel.requests.RequestStatus.Pending;
import io.firstcome.readmodel.requests.RequestStatus.Subject;

class RecentRequestsTest {

    private static final Instant TIME = Instant.ofEpochMilli(1_800_000_000_123L);
    private static final CouponId COUPON = new CouponId("c1");
    private static final RequestId REQUEST = new RequestId("r".repeat(64));
    private static final UserId USER = new UserId("u".repeat(128));

    private long now;

    @Test
    void shouldReturnEveryStatusAsItWasPut() {
        // given
        var recent = new RecentRequests(new RequestSettings(Duration.ofMinutes(1), 100), () -> now, (_, _) -> {});
        var subject = new Subject(COUPON, REQUEST, USER);
        List<CouponOutcome> outcomes = List.of(new CouponIssued(REQUEST, COUPON, USER, 7, TIME, 2),
                new IssueRejected(REQUEST, COUPON, USER, RejectionReason.SOLD_OUT, TIME, null, null),
                new IssueRejected(REQUEST, COUPON, USER, RejectionReason.ALREADY_ISSUED, TIME, 5L, null),
                new IssueRejected(REQUEST, COUPON, USER, RejectionReason.NOT_STARTED, TIME, null, TIME.plusSeconds(9)),
                new IssueRejected(REQUEST, COUPON, USER, RejectionReason.LIMIT_REACHED, TIME, null, null,
                        List.of(1L, 2L)),
                new IssueRevoked(new RequestId("d1"), COUPON, USER, 7, REQUEST, 1, TIME),
                new CommandInvalid(REQUEST, COUPON, "not JSON", TIME));
        List<RequestStatus> statuses = new ArrayList<>(List.of(new Pending(subject, TIME)));
        outcomes.forEach(outcome -> statuses.add(new Decided(subject, outcome)));

        for (RequestStatus status : statuses) {
            // when
            recent.put(subject, status);

            // then
            assertThat(recent.get(COUPON, REQUEST, USER)).isEqualTo(status);
            assertThat(recent.issueTo(COUPON, USER).isPresent())
                    .isEqualTo(status instanceof Decided(_, CouponIssued _));
        }
    }

    /** Few ids, so that requests share them in every combination, against maps that hold all of it. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldAgreeWithPlainMaps(long seed) {
        // given
        var random = new Random(seed);
        var recent = new RecentRequests(new RequestSettings(Duration.ofNanos(400), 60), () -> now, (_, _) -> {});
        Map<Subject, RequestStatus> statuses = new HashMap<>();
        Map<Subject, Long> updates = new HashMap<>();

        for (int step = 0; step < 3_000; step++) {
            now++;
            var subject = new Subject(new CouponId("c" + random.nextInt(3)), new RequestId("r" + random.nextInt(20)),
                    new UserId("u" + random.nextInt(8)));
            RequestStatus status = random.nextInt(3) == 0
                    ? new Pending(subject, TIME)
                    : new Decided(subject, random.nextBoolean()
                            ? new CouponIssued(subject.requestId(), subject.couponId(), subject.userId(), 1, TIME)
                            : new IssueRejected(subject.requestId(), subject.couponId(), subject.userId(),
                                    RejectionReason.PAUSED, TIME, null, null));

            // when
            recent.put(subject, status);

            // then
            statuses.put(subject, status);
            updates.put(subject, now);
            evict(statuses, updates, Pending.class);
            evict(statuses, updates, Decided.class);
            statuses.keySet().removeIf(
                    it -> statuses.get(it) instanceof Decided && now - updates.get(it) > 400);
            if (step % 150 == 0) {
                assertAgree(recent, statuses, updates, seed);
            }
        }
    }

    private static void evict(Map<Subject, RequestStatus> statuses, Map<Subject, Long> updates, Class<?> kind) {
        List<Subject> ofKind = statuses.entrySet().stream().filter(it -> kind.isInstance(it.getValue()))
                .map(Map.Entry::getKey).toList();
        if (ofKind.size() > 60) {
            statuses.remove(Collections.min(ofKind, Comparator.comparing(updates::get)));
        }
    }

    private static void assertAgree(RecentRequests recent, Map<Subject, RequestStatus> statuses,
            Map<Subject, Long> updates, long seed) {
        List<Object> expected = new ArrayList<>();
        List<Object> actual = new ArrayList<>();
        for (int r = 0; r < 20; r++) {
            var request = new RequestId("r" + r);
            for (int u = 0; u < 8; u++) {
                var user = new UserId("u" + u);
                for (int c = 0; c < 3; c++) {
                    var coupon = new CouponId("c" + c);
                    expected.add(statuses.get(new Subject(coupon, request, user)));
                    actual.add(recent.get(coupon, request, user));
                    // Of several issues to a user any may be known, but none that was forgotten.
                    recent.issueTo(coupon, user).ifPresent(issue -> {
                        var subject = new Subject(coupon, issue.requestId(), user);
                        expected.add(statuses.get(subject));
                        actual.add(new Decided(subject, issue));
                    });
                }
                expected.add(statuses.get(latest(statuses, updates,
                        it -> it.userId().equals(user) && it.requestId().equals(request))));
                actual.add(recent.lastUse(user, request));
            }
            for (int c = 0; c < 3; c++) {
                var coupon = new CouponId("c" + c);
                Predicate<Subject> ofId = it -> it.couponId().equals(coupon) && it.requestId().equals(request);
                expected.add(statuses.get(latest(statuses, updates, ofId)));
                actual.add(recent.latestOf(coupon, request));
                expected.add(statuses.keySet().stream().filter(ofId).count() > 1);
                actual.add(recent.isOfSeveralUsers(coupon, request));
            }
        }
        assertThat(actual).as("seed %d", seed).isEqualTo(expected);
    }

    private static Subject latest(Map<Subject, RequestStatus> statuses, Map<Subject, Long> updates,
            Predicate<Subject> chosen) {
        return statuses.keySet().stream().filter(chosen).max(Comparator.comparing(updates::get)).orElse(null);
    }
}
