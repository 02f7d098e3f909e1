/** What has been decided lately, and who waits for it. Start at {@link io.firstcome.ingress.verdict.VerdictBoard}. */
package io.firstcome.ingress.verdict;
