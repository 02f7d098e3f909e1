package io.firstcome.contract;

/**
 * A value that the contract does not allow. The message is written for the person who sent it: it names the field,
 * says what is allowed, and may be shown as it is.
 */
public final class ContractViolation extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String field;

    /**
     * @param field the JSON field at fault, or {@code "body"} where the whole text is
     * @param problem what is wrong and what is allowed, to be read after the field's name
     */
    public ContractViolation(String field, String problem) {
        super(field + " " + problem);
        this.field = field;
    }

    /** The JSON field at fault, or {@code "body"}. */
    public String field() {
        return field;
    }
}
