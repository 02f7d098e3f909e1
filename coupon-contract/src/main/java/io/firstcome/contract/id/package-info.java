/** Typed ids, so that swapped arguments do not compile. */
package io.firstcome.contract.id;
