package io.firstcome.contract.json;

/**
 * Filters for {@code JsonInclude.valueFilter}: Jackson omits a value that equals the filter. A field that was added
 * after the first release is omitted while it has its default, so that a reader of an earlier release, which rejects
 * unknown fields, can read every record that does not use the field.
 */
public final class DefaultValues {

    private DefaultValues() {}

    /** Equal to the integer 1. */
    public static final class One {

        @Override
        public boolean equals(Object other) {
            return Integer.valueOf(1).equals(other);
        }

        @Override
        public int hashCode() {
            return Integer.hashCode(1);
        }
    }

    /** Equal to {@code true}. */
    public static final class True {

        @Override
        public boolean equals(Object other) {
            return Boolean.TRUE.equals(other);
        }

        @Override
        public int hashCode() {
            return Boolean.hashCode(true);
        }
    }
}
