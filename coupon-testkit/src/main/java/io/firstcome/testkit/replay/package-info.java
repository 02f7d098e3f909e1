/** The rules of the authority a second time, written from the design and not from its code. */
package io.firstcome.testkit.replay;
