package io.firstcome.ingress.projection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.firstcome.contract.CouponState;
import io.firstcome.ingress.testing.Campaign;

class LookTest {

    private final Campaign campaign = Campaign.openForLong();

    @Test
    void shouldFindNothingWhereBothAgree() {
        Look look = look(state(2, 5), state(2, 5), 5);
        assertThat(look.differencesSince(look)).isEmpty();
    }

    @Test
    void shouldAskForAnotherLookWhereOneLags() {
        Look gateLags = look(state(2, 7), state(2, 5), 5);
        assertThat(gateLags.differencesSince(gateLags)).containsExactly("issued is 5 and not 7");
        Look registryLags = look(state(1, 7), state(2, 9), 9);
        assertThat(registryLags.differencesSince(registryLags)).containsExactly("version is 2 and not 1",
                "issued is 9 and not 7");
    }

    @Test
    void shouldTakeForALagWhatTheOtherReachedWhileBothMovedOn() {
        Look gateLagged = look(state(1, 7), state(1, 5), 5);
        assertThat(look(state(1, 9), state(1, 7), 7).differencesSince(gateLagged)).isEmpty();
        Look registryLagged = look(state(1, 5), state(1, 7), 7);
        assertThat(look(state(1, 7), state(1, 9), 9).differencesSince(registryLagged)).isEmpty();
    }

    @Test
    void shouldNotTakeForALagWhatTheOtherNeverReached() {
        Look ahead = look(state(1, 5), state(1, 500), 5);
        assertThat(look(state(1, 400), state(1, 500), 400).differencesSince(ahead))
                .contains("issued is 500 and not 400");
        Look behind = look(state(3, 5), state(1, 5), 5);
        assertThat(look(state(4, 5), state(2, 5), 5).differencesSince(behind)).contains("version is 2 and not 4");
    }

    @Test
    void shouldBelieveNoOtherDefinitionOfTheSameVersion() {
        Look look = look(campaign.state(2, 10, 3), campaign.state(2, 3, 3), 3);
        assertThat(look.differencesSince(look)).containsExactly("stock is 3 and not 10");
    }

    @Test
    void shouldLetAStateCountHoldersBeforeTheyAreKnownForAWhileOnly() {
        Look early = look(state(1, 5), state(1, 5), 3);
        assertThat(look(state(1, 6), state(1, 6), 5).differencesSince(early)).isEmpty();
        assertThat(look(state(1, 6), state(1, 6), 4).differencesSince(early))
                .containsExactly("there are 4 holders and 6 issued");
    }

    @Test
    void shouldNeverBelieveMoreHoldersThanAreCounted() {
        Look look = look(state(1, 5), state(1, 5), 6);
        assertThat(look.differencesSince(look)).containsExactly("there are 6 holders and 5 issued");
    }

    private CouponState state(long version, long issued) {
        return campaign.state(version, 1000, issued);
    }

    private static Look look(CouponState committed, CouponState projected, long holders) {
        Map<String, String> facts = new HashMap<>(GateWriter.facts(projected));
        facts.put("version", "" + projected.version());
        facts.put("issued", "" + projected.issued());
        return new Look(committed, new GateContent(facts, holders, List.of(), List.of()));
    }
}
