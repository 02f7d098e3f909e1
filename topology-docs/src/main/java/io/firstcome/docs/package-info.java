/**
 * Documentation generated from the code. Start at {@link io.firstcome.docs.TopologyDocs}. A test fails when the
 * committed documents differ from the generated ones.
 */
package io.firstcome.docs;
