package io.firstcome.contract.json;

/**
 * Valid JSON with a type, a field or a constant that this version does not know. A newer version of the sender may have
 * written the text, so a reader of a topic must not set the record aside. HTTP answers as to any other violation.
 */
public final class NewerFormat extends ContractViolation {

    private static final long serialVersionUID = 1L;

    private final String found;

    /**
     * @param field the JSON field that is not known, or whose value is not known
     * @param problem as in {@link ContractViolation}
     * @param found names what is not known, such as {@code the type RevokeIssue}
     */
    NewerFormat(String field, String problem, String found) {
        super(field, problem);
        this.found = found;
    }

    /** What is not known, such as {@code the type RevokeIssue}. */
    public String found() {
        return found;
    }
}
