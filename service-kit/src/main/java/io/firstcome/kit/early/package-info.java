/** Answers below the router. Start at {@link io.firstcome.kit.early.EarlyAnswers}. */
package io.firstcome.kit.early;
