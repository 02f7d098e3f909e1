/** Rules as examples, which the authority and the gate must both obey. Start at {@link IssuanceCases}. */
package io.firstcome.testkit.cases;
