package io.firstcome.testkit.cases;

import java.util.List;
import java.util.stream.Stream;

/** The shared cases, {@code cases/*.yaml} in this module's resources. Each file's head says how a case is written. */
public final class IssuanceCases {

    static final List<String> FILES = List.of("claims.yaml", "windows.yaml", "gate.yaml");

    private IssuanceCases() {}

    /** Those that say what the authority decides. */
    public static Stream<IssuanceCase> forPolicy() {
        return all().filter(example -> example.then().policy().isPresent());
    }

    /** Those that say what the gate replies. */
    public static Stream<IssuanceCase> forGate() {
        return all().filter(example -> example.then().gate().isPresent());
    }

    /**
     * Every case of every file.
     *
     * @throws IllegalArgumentException when one is not written as it should be, naming file and case
     */
    public static Stream<IssuanceCase> all() {
        return FILES.stream().flatMap(file -> CaseFile.load(file).stream());
    }
}
