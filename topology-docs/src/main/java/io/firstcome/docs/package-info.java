/**
 * Documentation that is read off the code: start at {@link io.firstcome.docs.TopologyDocs}. Its test fails when what is
 * committed no longer says what the code says.
 */
package io.firstcome.docs;
