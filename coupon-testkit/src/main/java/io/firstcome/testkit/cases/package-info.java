/** The rules as examples that both the authority and the gate are tested with. Start at {@link IssuanceCases}. */
package io.firstcome.testkit.cases;
