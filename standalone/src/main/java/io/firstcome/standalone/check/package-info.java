/**
 * Checks the guarantees of a running system, also during a sale. Nothing is written and no group is joined. Start at
 * {@link io.firstcome.standalone.check.LiveCheck}.
 */
package io.firstcome.standalone.check;
