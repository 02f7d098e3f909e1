/** When a stream thread commits. Start at {@link io.firstcome.processor.commit.CommitPacer}. */
package io.firstcome.processor.commit;
