/** Which users certainly hold nothing. Start at {@link io.firstcome.processor.holder.HolderFilter}. */
package io.firstcome.processor.holder;
