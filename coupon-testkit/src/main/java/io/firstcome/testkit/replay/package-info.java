/** An independent second implementation of the authority's rules, written from the design and not from its code. */
package io.firstcome.testkit.replay;
