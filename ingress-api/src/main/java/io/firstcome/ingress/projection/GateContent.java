package io.firstcome.ingress.projection;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What Redis holds of one coupon at one moment, but for who the holders are.
 *
 * @param facts field to value; empty when there are none of our log
 * @param holders how many users hold one
 * @param damage what of facts and holders can only come from somebody else
 * @param stuck what of the reservations would never end
 */
record GateContent(Map<String, String> facts, long holders, List<String> damage, List<String> stuck) {

    private static final List<String> NAMES = List.of("facts", "issued", "inflight", "requests");
    private static final List<String> TYPES = List.of("hash", "hash", "zset", "hash");
    private static final List<String> NUMBERS = List.of("version", "stock", "issued", "opensAt", "closesAt");
    private static final String ABSENT = "none";
    private static final long FOR_EVER = -1;
    private static final String NUMBER = "-?\\d{1,18}";

    /** @param reply what {@code look.lua} said */
    static GateContent of(List<?> reply, String log) {
        Map<String, String> facts = pairs((List<?>) reply.get(2));
        List<String> damage = misfits(reply, 0, 2);
        List<String> stuck = misfits(reply, 2, 4);
        damage.addAll(unreadable(facts));
        damage.addAll(halves((List<?>) reply.get(0), facts));
        if (!reply.get(4).equals(0L)) {
            stuck.add(reply.get(4) + " of inflight end too late");
        }
        return new GateContent(log.equals(facts.get("log")) ? facts : Map.of(), (Long) reply.get(3), damage, stuck);
    }

    private static List<String> misfits(List<?> reply, int from, int to) {
        List<String> misfits = new ArrayList<>();
        for (int i = from; i < to; i++) {
            Object type = ((List<?>) reply.get(0)).get(i);
            if (!type.equals(TYPES.get(i)) && !type.equals(ABSENT)) {
                misfits.add(NAMES.get(i) + " is a " + type);
            } else if (((List<?>) reply.get(1)).get(i).equals(FOR_EVER)) {
                misfits.add(NAMES.get(i) + " never expires");
            }
        }
        return misfits;
    }

    /** Holders and their digest are written in one step, so that no lag explains one without the other. */
    private static List<String> halves(List<?> types, Map<String, String> facts) {
        if (types.get(0).equals(ABSENT) && !types.get(1).equals(ABSENT)) {
            return List.of("facts are missing");
        }
        return types.get(1).equals(ABSENT) && facts.containsKey("digest") ? List.of("issued is missing") : List.of();
    }

    /** Facts that have a log have it all; before that there is a digest at most. */
    private static List<String> unreadable(Map<String, String> facts) {
        List<String> unreadable = new ArrayList<>();
        if (facts.containsKey("log")) {
            NUMBERS.stream().filter(field -> !facts.getOrDefault(field, "").matches(NUMBER))
                    .forEach(field -> unreadable.add(field + " is " + facts.get(field)));
        }
        if (!facts.getOrDefault("digest", "0").matches(NUMBER)) {
            unreadable.add("digest is " + facts.get("digest"));
        }
        return unreadable;
    }

    private static Map<String, String> pairs(List<?> flat) {
        Map<String, String> pairs = new HashMap<>();
        for (int i = 0; i < flat.size(); i += 2) {
            pairs.put((String) flat.get(i), (String) flat.get(i + 1));
        }
        return pairs;
    }

    boolean isDamaged() {
        return !damage.isEmpty();
    }

    long version() {
        return number("version");
    }

    long issued() {
        return number("issued");
    }

    long digest() {
        return number("digest");
    }

    private long number(String field) {
        return isDamaged() ? 0 : Long.parseLong(facts.getOrDefault(field, "0"));
    }
}
