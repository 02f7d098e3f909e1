package io.firstcome.contract.json;

/**
 * A value that the contract does not allow. The message names the field and says what is allowed. It repeats nothing
 * that the sender wrote except numbers and well-formed field names, so it can be logged and returned to the sender.
 */
public sealed class ContractViolation extends IllegalArgumentException permits NewerFormat {

    private static final long serialVersionUID = 1L;

    private final String field;

    /**
     * @param field the JSON field that is wrong, or {@code "body"} when the text as a whole is wrong
     * @param problem what is wrong and what is allowed; the message is the field's name followed by this text
     */
    public ContractViolation(String field, String problem) {
        super(field + " " + problem);
        this.field = field;
    }

    /** The JSON field that is wrong, or {@code "body"}. */
    public String field() {
        return field;
    }
}
