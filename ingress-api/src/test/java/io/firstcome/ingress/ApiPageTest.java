package io.firstcome.ingress;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

import io.firstcome.ingress.testing.ApiDescription;
import io.firstcome.ingress.testing.ApiDescription.DescribedAnswer;
import io.firstcome.ingress.testing.ApiJudge;
import io.firstcome.ingress.testing.ApiPage;
import io.firstcome.ingress.testing.ApiPage.Row;

/**
 * {@code docs/api.md} lists every answer that {@code openapi.yaml} describes, with a test that received that answer.
 * This class runs last, after all other tests of the module.
 */
@Order(Integer.MAX_VALUE)
@Isolated
class ApiPageTest {

    private static final Path RECEIVED = Path.of("target", "answers.txt");

    @Test
    void shouldListExactlyTheDescribedAnswers() {
        assertThat(ApiPage.rows()).extracting(Row::answer).doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(described());
    }

    @Test
    void shouldNameATestThatReceivedTheAnswer() throws IOException {
        // given
        assumeTrue(System.getProperty("test", "").matches("|io.firstcome.ingress.*"), "Only some tests ran.");
        Files.write(RECEIVED, ApiJudge.seen().entrySet().stream().map(Object::toString).toList());

        // when
        List<Row> rowsWithoutTest = ApiPage.rows().stream().filter(row -> row.isOfThisModule() && !row.inPart())
                .filter(row -> !ApiJudge.seen().getOrDefault(row.answer(), Set.of()).contains(row.test())).toList();

        // then
        assertThat(rowsWithoutTest).as("rows whose test did not receive the answer (see %s)", RECEIVED)
                .isEmpty();
    }

    @Test
    void shouldNameExistingTests() {
        assertThat(ApiPage.rows()).allSatisfy(
                row -> assertThat(row.source()).content().contains("void " + row.testMethod() + "("));
    }

    /** The page lists an answer that any operation may give once, not at each operation. */
    private static List<String> described() {
        Set<String> everywhere = ApiDescription.everywhere().flatMap(DescribedAnswer::problems).collect(toSet());
        Stream<String> ofOperations = ApiDescription.operations().stream().flatMap(it -> it.answers().stream())
                .flatMap(answer -> lines(answer, problem -> !everywhere.contains(problem)));
        return Stream.concat(ofOperations, ApiDescription.everywhere().flatMap(it -> lines(it, any -> true)))
                .distinct().toList();
    }

    private static Stream<String> lines(DescribedAnswer answer, Predicate<String> which) {
        return answer.problems().filter(which)
                .map(problem -> answer.operation() + " " + answer.status() + " " + problem);
    }
}
