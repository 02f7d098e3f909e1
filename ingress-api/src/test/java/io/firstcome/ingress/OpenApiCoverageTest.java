package io.firstcome.ingress;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

import io.firstcome.ingress.testing.ApiDescription;
import io.firstcome.ingress.testing.ApiDescription.DescribedAnswer;
import io.firstcome.ingress.testing.ApiJudge;

/** Every answer that {@code openapi.yaml} promises has been received by some test of this module, which all ran before. */
@Order(Integer.MAX_VALUE)
class OpenApiCoverageTest {

    /** What cannot be provoked here, as a pattern of {@code METHOD path status problem}, and why. */
    private static final Map<String, String> NOT_PROVOKED = Map.of(
            ".* 500 internal", "needs a fault of ours; HttpShellTest provokes one",
            ".* 408 too-slow", "takes ten seconds; HttpEdgeTest waits for it",
            "GET .*/events (200 |503 .*)", "EventsHttpTest reads the streams by itself",
            "GET /livez 503 ", "the ingress has no condition that only a restart mends",
            "GET /v1/coupons(/\\{couponId})? 503 unavailable", "lasts as long as the coupons are read at the start",
            "GET .*/requests/.* 503 unavailable", "lasts until the tokens' keys are known; IdentityTest has none",
            "(PUT|POST) .*(Id}|/resume|/close|/pause) 503 .*", "the way of all operators' commands to the log is one");

    @Test
    void shouldHaveSeenEveryAnswerThatIsDescribed() {
        // given
        assumeTrue(System.getProperty("test") == null, "Only some tests ran.");

        // when
        Set<String> unseen = described().collect(toCollection(TreeSet::new));
        unseen.removeAll(ApiJudge.seen());
        unseen.removeIf(answer -> NOT_PROVOKED.keySet().stream().anyMatch(answer::matches));

        // then
        assertThat(unseen).isEmpty();
    }

    @Test
    void shouldNotExcuseWhatIsNotDescribed() {
        assertThat(NOT_PROVOKED.keySet()).allSatisfy(
                pattern -> assertThat(described()).as(pattern).anyMatch(answer -> answer.matches(pattern)));
    }

    private static Stream<String> described() {
        return ApiDescription.operations().stream().flatMap(it -> it.answers().stream())
                .flatMap(OpenApiCoverageTest::lines);
    }

    private static Stream<String> lines(DescribedAnswer answer) {
        return answer.problems().map(problem -> answer.operation() + " " + answer.status() + " " + problem);
    }
}
