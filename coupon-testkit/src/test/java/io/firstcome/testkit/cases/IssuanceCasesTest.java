package io.firstcome.testkit.cases;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.RejectionReason;

class IssuanceCasesTest {

    private static final String GOOD = """
            - name: nothing is left
              given: {coupon: {stock: 1, issued: 1}}
              when: {user: u1, request: r1, now: "2026-01-01T09:00:10Z"}
              then: {policy: {rejected: SOLD_OUT}, gate: SOLD_OUT}
            """;

    @Test
    void shouldLoadEveryFileThatIsThere() throws Exception {
        // given
        URI folder = IssuanceCases.class.getResource("/cases/").toURI();

        // when
        try (Stream<Path> files = Files.list(Path.of(folder))) {
            List<String> names = files.map(file -> file.getFileName().toString()).toList();

            // then
            assertThat(IssuanceCases.FILES).containsExactlyInAnyOrderElementsOf(names);
        }
    }

    @ParameterizedTest
    @EnumSource(GateReply.class)
    void shouldHaveAnExampleOfEveryReplyOfTheGate(GateReply reply) {
        assertThat(IssuanceCases.forGate()).anyMatch(example -> example.then().gate().orElseThrow() == reply);
    }

    @ParameterizedTest
    @EnumSource(RejectionReason.class)
    void shouldHaveAnExampleOfEveryRejection(RejectionReason reason) {
        assertThat(IssuanceCases.forPolicy()).anyMatch(example -> isRejection(example, reason));
    }

    private static boolean isRejection(IssuanceCase example, RejectionReason reason) {
        CouponOutcome outcome = example.then().policy().orElseThrow();
        return outcome instanceof IssueRejected rejected && rejected.reason() == reason;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', value = {
        "issued: 1}|isued: 1}|isued is not a known field",
        "stock: 1,|stokc: 1,|stock",
        "issued: 1}|issued: 2}|issued must be from 0 to 1, not 2",
        "stock: 1,|stock: 1.5,|stock",
        "user: u1|user: u/1|userId must be 1 to 64",
        "request: r1,||requestId is missing",
        "10Z|10|now must be a UTC time",
        ", now:|, than:|now is missing",
        "rejected: SOLD_OUT|rejected: SOLD|rejected",
        "rejected: SOLD_OUT||policy is either issued or rejected",
        "rejected: SOLD_OUT|rejected: ALREADY_ISSUED|heldSequence must be present if and only if",
        "policy: {rejected: SOLD_OUT}, gate: SOLD_OUT||then says nothing",
        "gate: SOLD_OUT|gate: SOLD|gate",
        "coupon: {stock: 1, issued: 1}|holders: [{user: u9, request: r9, sequence: 1}]|holders need a coupon"})
    void shouldNameFileAndCaseOfAMistake(String right, String wrong, String problem) {
        // given
        String broken = GOOD.replace(right, wrong == null ? "" : wrong);
        assertThat(broken).isNotEqualTo(GOOD);

        // then
        assertThatThrownBy(() -> CaseFile.parse("some.yaml", broken.getBytes(UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("some.yaml: nothing is left: ")
                .hasMessageContaining(problem);
    }

    @Test
    void shouldRefuseTwoCasesOfOneName() {
        assertThatThrownBy(() -> CaseFile.parse("some.yaml", (GOOD + GOOD).getBytes(UTF_8)))
                .hasMessage("some.yaml: nothing is left: there are two cases of this name");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"a: 1|is not a list", "[]|is not a list", "'- a: {'|is not valid YAML",
        "'- {name: a, name: b}'|is not valid YAML", "''|is not a list"})
    void shouldRefuseWhatIsNoListOfCases(String yaml, String problem) {
        assertThatThrownBy(() -> CaseFile.parse("some.yaml", yaml.getBytes(UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("some.yaml: " + problem);
    }

    @Test
    void shouldSayWhichFileIsMissing() {
        assertThatThrownBy(() -> CaseFile.load("none.yaml")).hasMessageContaining("none.yaml");
    }
}
