package io.firstcome.testkit.cases;

import java.util.List;
import java.util.stream.Stream;

/** The shared cases in {@code cases/*.yaml}. The header of {@code claims.yaml} describes the format. */
public final class IssuanceCases {

    static final List<String> FILES = List.of("claims.yaml", "windows.yaml", "limits.yaml", "gate.yaml");

    private IssuanceCases() {}

    /** The cases with an expected decision of the authority. */
    public static Stream<IssuanceCase> forPolicy() {
        return all().filter(example -> example.then().policy().isPresent());
    }

    /** The cases with an expected reply of the gate. */
    public static Stream<IssuanceCase> forGate() {
        return all().filter(example -> example.then().gate().isPresent());
    }

    /**
     * All cases of all files.
     *
     * @throws IllegalArgumentException when a case is invalid; the message names the file and the case
     */
    public static Stream<IssuanceCase> all() {
        return FILES.stream().flatMap(file -> CaseFile.load(file).stream());
    }
}
