package io.firstcome.ingress.console;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.gate.projection.HolderSource.Holder;
import io.firstcome.gate.projection.HolderSource.HolderPage;
import io.firstcome.ingress.authority.AuthorityHolders;
import io.firstcome.ingress.authority.AuthorityStock;
import io.firstcome.ingress.console.ClaimAnswer.Answered;
import io.firstcome.ingress.console.RushReport.GuaranteeCheck;
import io.firstcome.ingress.console.RushReport.Result;
import io.firstcome.kit.http.ProblemType;
import io.firstcome.readmodel.coupons.CouponRegistry;

/**
 * Compares the answers of a rush with the authority's list of holders. A guarantee passes only when the whole list was
 * read while the coupon did not change; otherwise its result is unknown.
 */
final class RushCheck {

    private static final int ATTEMPTS = 10;
    private static final Duration PAUSE = Duration.ofMillis(300);
    /** A list of a million issues fits into memory as bits, but takes a while to read. */
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final CouponRegistry registry;
    private final AuthorityHolders authority;

    private final Duration pause;

    RushCheck(CouponRegistry registry, AuthorityHolders authority) {
        this(registry, authority, PAUSE);
    }

    /** @param pause between two readings of a coupon that changes */
    RushCheck(CouponRegistry registry, AuthorityHolders authority, Duration pause) {
        this.registry = registry;
        this.authority = authority;
        this.pause = pause;
    }

    /** What one reading of the whole list has shown. */
    private static final class Reading {

        private final Map<RequestId, Holder> ofRush = new HashMap<>();
        /** The numbers of the users to whom a claim of the rush was answered "already issued". */
        private final Map<Long, UserId> ofRepeaters = new HashMap<>();
        private final BitSet sequences = new BitSet();
        private final List<UserId> overLimit = new ArrayList<>();
        /** Of them, the users with an issue of this rush. */
        private final List<UserId> overLimitByRush = new ArrayList<>();
        private long listed;
        private long held;
        private long repeated;

        private void add(HolderPage page, Map<RequestId, Answered> answers, Set<UserId> repeaters, int perUser) {
            Map<UserId, Integer> heldByUser = new HashMap<>();
            Set<UserId> usersOfRush = new HashSet<>();
            for (Holder holder : page.holders()) {
                listed++;
                int sequence = Math.toIntExact(holder.sequence());
                repeated += sequences.get(sequence) ? 1 : 0;
                sequences.set(sequence);
                if (!holder.isRevoked()) {
                    held++;
                    heldByUser.merge(holder.userId(), 1, Integer::sum);
                }
                if (repeaters.contains(holder.userId())) {
                    ofRepeaters.put(holder.sequence(), holder.userId());
                }
                if (answers.containsKey(holder.requestId())) {
                    ofRush.put(holder.requestId(), holder);
                    usersOfRush.add(holder.userId());
                }
            }
            // All issues of a user are on the same page.
            heldByUser.forEach((user, count) -> {
                if (count > perUser) {
                    overLimit.add(user);
                    if (usersOfRush.contains(user)) {
                        overLimitByRush.add(user);
                    }
                }
            });
        }

        private boolean isGapless(long issued) {
            return repeated == 0 && listed == issued && sequences.cardinality() == issued
                    && sequences.length() == (issued == 0 ? 0 : issued + 1);
        }
    }

    /**
     * The results for a coupon.
     *
     * @param startVersion the version of the coupon before the first claim
     * @param answers the answers of the rush, by request
     * @param sent the number of claims that were sent, answered or not
     */
    List<GuaranteeCheck> check(CouponId couponId, long startVersion, Map<RequestId, Answered> answers, int sent)
            throws InterruptedException {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        String obstacle = "the coupon is not known to this ingress";
        Optional<List<GuaranteeCheck>> withGap = Optional.empty();
        for (int attempt = 1; attempt <= ATTEMPTS && System.nanoTime() < deadline; attempt++) {
            Optional<CouponState> state = registry.find(couponId);
            if (state.isPresent()) {
                try {
                    AuthorityStock before = authority.stock(couponId).join();
                    int perUser = state.get().definition().perUser();
                    Optional<Reading> reading = read(couponId, answers, perUser, deadline);
                    AuthorityStock after = authority.stock(couponId).join();
                    if (before.isArchived() || after.isArchived()) {
                        // The counts remain when the holders are deleted, so the list would look incomplete.
                        return unknown("the authority has forgotten the holders of an archived coupon");
                    }
                    boolean unchanged = before.equals(after) && before.version() == state.get().version();
                    if (reading.isPresent() && unchanged) {
                        List<GuaranteeCheck> results = results(before, perUser, startVersion, reading.get(), answers,
                                sent);
                        if (reading.get().isGapless(before.issued())) {
                            return results;
                        }
                        // Another reading may show that the gap was that of an instance which takes over.
                        withGap = Optional.of(results);
                    }
                    obstacle = reading.isEmpty()
                            ? "the list of holders was not read to its end within " + TIMEOUT.toSeconds() + " s"
                            : "the coupon changed while the list of holders was read";
                } catch (CompletionException e) {
                    obstacle = "the authority gives no answer: " + e.getCause();
                }
            }
            Thread.sleep(pause);
        }
        // A long list leaves no time for another reading, or the coupon changes during each later one.
        return withGap.isPresent() ? withGap.get() : unknown(obstacle);
    }

    private static List<GuaranteeCheck> unknown(String obstacle) {
        String reason = "Not checked: " + obstacle + ".";
        return List.of("stock", "numbers", "limit", "answers").stream()
                .map(name -> GuaranteeCheck.unknown(name, reason)).toList();
    }

    /** Empty after the deadline. */
    private Optional<Reading> read(CouponId couponId, Map<RequestId, Answered> answers, int perUser, long deadline) {
        var reading = new Reading();
        Set<UserId> repeaters = answers.values().stream()
                .filter(claim -> claim.answer() instanceof ClaimAnswer.Rejected rejected && rejected.isAlreadyIssued())
                .map(Answered::userId).collect(Collectors.toSet());
        Optional<UserId> after = Optional.empty();
        do {
            HolderPage page = authority.page(couponId, after).join();
            reading.add(page, answers, repeaters, perUser);
            after = page.next();
        } while (after.isPresent() && System.nanoTime() < deadline);
        return after.isEmpty() ? Optional.of(reading) : Optional.empty();
    }

    private static List<GuaranteeCheck> results(AuthorityStock counts, int perUser, long startVersion,
            Reading reading, Map<RequestId, Answered> answers, int sent) {
        return List.of(
                result("stock", reading.held <= counts.stock(),
                        reading.held + " holders, stock " + counts.stock() + ".",
                        Map.of("holders", reading.held, "stock", counts.stock())),
                result("numbers", reading.isGapless(counts.issued()), reading.listed + " issues with the numbers 1 to "
                        + counts.issued() + ", " + reading.repeated + " of them twice.",
                        Map.of("issues", reading.listed)),
                limit(reading, perUser, counts.version() == startVersion),
                answersAgree(reading, answers, sent));
    }

    /** Users keep what they hold when an operator lowers the limit, so not every excess is a violation. */
    private static GuaranteeCheck limit(Reading reading, int perUser, boolean sameVersion) {
        if (reading.overLimit.isEmpty()) {
            return result("limit", true, "No user holds more than " + perUser + ".",
                    Map.of("perUser", (long) perUser));
        }
        if (sameVersion && !reading.overLimitByRush.isEmpty()) {
            return result("limit", false, "More than " + perUser + " are held by " + first(reading.overLimitByRush)
                    + ", with an issue of this rush.", Map.of("perUser", (long) perUser));
        }
        return GuaranteeCheck.unknown("limit", "More than " + perUser + " are held by " + first(reading.overLimit)
                + ". The limit may have been higher when the coupons were issued: "
                + (sameVersion ? "no issue of these users is of this rush." : "the coupon changed during the rush."));
    }

    /**
     * An answer "issued" must be in the list with its number. An answer "rejected" must not be in the list, except that
     * an issue of the request may have been revoked since; and the number of "already issued" must be the user's. An
     * answer that is not a decision about the coupon promises nothing that the list could show.
     */
    private static GuaranteeCheck answersAgree(Reading reading, Map<RequestId, Answered> answers, int sent) {
        List<String> contradictions = new ArrayList<>();
        long issued = 0;
        long rejected = 0;
        long unknown = 0;
        for (Answered claim : answers.values()) {
            Holder holder = reading.ofRush.get(claim.requestId());
            switch (claim.answer()) {
                case ClaimAnswer.Issued(long sequence) -> {
                    issued++;
                    if (holder == null || holder.sequence() != sequence || !holder.userId().equals(claim.userId())) {
                        contradictions.add(claim.requestId() + " was answered number " + sequence);
                    }
                }
                case ClaimAnswer.Rejected rejection when !rejection.isDecision() -> unknown++;
                case ClaimAnswer.Rejected rejection -> {
                    rejected++;
                    boolean isOther = rejection.isAlreadyIssued()
                            && !claim.userId().equals(reading.ofRepeaters.get(rejection.heldSequence()));
                    // A repeated claim gets "revoked" for an issue that was revoked during the rush.
                    boolean revoked = holder != null && holder.isRevoked()
                            && rejection.reason().equals(ProblemType.REVOKED.id());
                    if (isOther || holder != null && !revoked) {
                        contradictions.add(claim.requestId() + " was answered " + rejection.reason());
                    }
                }
                case ClaimAnswer.NotFinal _ -> unknown++;
            }
        }
        if (!contradictions.isEmpty()) {
            return result("answers", false, contradictions.size() + " answers contradict the authority's list: "
                    + first(contradictions) + ".", Map.of());
        }
        String compared = issued + " issued and " + rejected + " rejected claims agree with the authority's list.";
        unknown += Math.max(0, sent - answers.size());
        return unknown == 0 && issued + rejected > 0
                ? result("answers", true, compared, Map.of("issued", issued, "rejected", rejected))
                : GuaranteeCheck.unknown("answers",
                        compared + " " + unknown + " claims have no answer that can be compared.");
    }

    private static String first(List<?> items) {
        return items.stream().limit(3).map(Object::toString).collect(Collectors.joining(", "))
                + (items.size() > 3 ? ", …" : "");
    }

    private static GuaranteeCheck result(String name, boolean held, String detail, Map<String, Long> counts) {
        return new GuaranteeCheck(name, held ? Result.PASS : Result.FAIL, detail, counts);
    }
}
