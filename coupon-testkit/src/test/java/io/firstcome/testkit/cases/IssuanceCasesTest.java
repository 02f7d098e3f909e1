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

    private static final String VALID = """
            - name: the whole stock is issued
              given: {coupon: {stock: 1, issued: 1}}
              when: {user: u1, request: r1, now: "2026-01-01T09:00:10Z"}
              then: {policy: {rejected: SOLD_OUT}, gate: SOLD_OUT}
            """;

    @Test
    void shouldListEveryCaseFile() throws Exception {
        // given
        URI folder = IssuanceCases.class.getResource("/cases/").toURI();

        // when
        List<String> listed = IssuanceCases.FILES;

        // then
        try (Stream<Path> files = Files.list(Path.of(folder))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(listed);
        }
    }

    @ParameterizedTest
    @EnumSource(GateReply.class)
    void shouldHaveACaseOfEveryReplyOfTheGate(GateReply reply) {
        // when
        Stream<IssuanceCase> cases = IssuanceCases.forGate();

        // then
        assertThat(cases).anyMatch(example -> example.then().gate().orElseThrow() == reply);
    }

    @ParameterizedTest
    @EnumSource(RejectionReason.class)
    void shouldHaveACaseOfEveryRejection(RejectionReason reason) {
        // when
        Stream<IssuanceCase> cases = IssuanceCases.forPolicy();

        // then
        assertThat(cases).anyMatch(example -> isRejection(example, reason));
    }

    private static boolean isRejection(IssuanceCase example, RejectionReason reason) {
        CouponOutcome outcome = example.then().policy().orElseThrow();
        return outcome instanceof IssueRejected rejected && rejected.reason() == reason;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', value = {
        "issued: 1}|isued: 1}|isued is not a known field",
        "stock: 1,|stokc: 1,|stock",
        "issued: 1}|issued: 2}|issued must not exceed the stock",
        "issued: 1}|perUser: 0}|perUser must be from 1 to 100, not 0",
        "stock: 1,|stock: 1.5,|stock",
        "user: u1|user: u/1|userId must be 1 to 128",
        "request: r1,||requestId is missing",
        "10Z|10|now must be a UTC time",
        ", now:|, than:|now is missing",
        "rejected: SOLD_OUT|rejected: SOLD|rejected",
        "rejected: SOLD_OUT||policy requires either issued or rejected",
        "rejected: SOLD_OUT|rejected: ALREADY_ISSUED|heldSequence must be present if and only if",
        "policy: {rejected: SOLD_OUT}, gate: SOLD_OUT||then requires policy or gate",
        "gate: SOLD_OUT|gate: SOLD|gate",
        "coupon: {stock: 1, issued: 1}|holders: [{user: u9, request: r9, sequence: 1}]|holders require a coupon"})
    void shouldNameFileAndCaseOfAnError(String valid, String invalid, String problem) {
        // given
        String broken = VALID.replace(valid, invalid == null ? "" : invalid);
        assertThat(broken).isNotEqualTo(VALID);

        // then
        assertThatThrownBy(() -> CaseFile.parse("some.yaml", broken.getBytes(UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("some.yaml: the whole stock is issued: ")
                .hasMessageContaining(problem);
    }

    @Test
    void shouldRejectTwoCasesWithOneName() {
        // given
        byte[] twice = (VALID + VALID).getBytes(UTF_8);

        // then
        assertThatThrownBy(() -> CaseFile.parse("some.yaml", twice))
                .hasMessage("some.yaml: the whole stock is issued: duplicate name");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"a: 1|is not a list", "[]|is not a list", "'- a: {'|is not valid YAML",
        "'- {name: a, name: b}'|is not valid YAML", "''|is not a list"})
    void shouldRejectAFileWithoutAListOfCases(String yaml, String problem) {
        assertThatThrownBy(() -> CaseFile.parse("some.yaml", yaml.getBytes(UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("some.yaml: " + problem);
    }

    @Test
    void shouldNameAMissingFile() {
        assertThatThrownBy(() -> CaseFile.load("none.yaml")).hasMessage("none.yaml: file not found");
    }
}
