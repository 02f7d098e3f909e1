package io.firstcome.ingress.projection;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.firstcome.contract.CouponState;

/**
 * What registry and gate said of a coupon at one moment. Both fold the same log, each at its own pace, so that they may
 * honestly differ; but version and counts only grow, and what the one has reached the other reaches soon. Two looks
 * some time apart can therefore tell a lag from a lie, even while the coupon is being issued.
 *
 * @param committed what this ingress has read of the coupon
 * @param gate what Redis holds of it
 */
record Look(CouponState committed, GateContent gate) {

    /**
     * What of this look no lag explains.
     *
     * @param earlier a look so long ago that whoever lagged then no longer does; this look itself to ask for anything
     *        that may need another look
     */
    List<String> differencesSince(Look earlier) {
        List<String> found = new ArrayList<>(gate.damage());
        if (!gate.isDamaged()) {
            compare("version", new Count(gate.version(), committed.version()),
                    new Count(earlier.gate.version(), earlier.committed.version()), found);
            compare("issued", new Count(gate.issued(), committed.issued()),
                    new Count(earlier.gate.issued(), earlier.committed.issued()), found);
            compareDefinition(found);
            compareHolders(earlier, found);
        }
        return found;
    }

    /** The same quantity as the gate and the registry have it. */
    private record Count(long gate, long committed) {}

    private static void compare(String what, Count now, Count then, List<String> found) {
        if (now.gate < then.committed || then.gate > now.committed) {
            found.add(what + " is " + now.gate + " and not " + now.committed);
        }
    }

    private void compareDefinition(List<String> found) {
        if (gate.version() == committed.version()) {
            Map<String, String> due = GateWriter.facts(committed);
            due.entrySet().stream().filter(fact -> !fact.getValue().equals(gate.facts().get(fact.getKey())))
                    .forEach(fact -> found.add(fact.getKey() + " is " + gate.facts().get(fact.getKey()) + " and not "
                            + fact.getValue()));
        }
    }

    /** Holders and their count are written in one step, but a state may count them before their outcomes are read. */
    private void compareHolders(Look earlier, List<String> found) {
        boolean tooMany = gate.version() > 0 && gate.holders() > gate.issued();
        if (tooMany || gate.holders() < earlier.gate.issued()) {
            found.add("there are " + gate.holders() + " holders and " + gate.issued() + " issued");
        }
    }
}
