/**
 * Stores polled outcomes in MySQL, and sets aside the records that cannot be stored. Start at
 * {@link io.firstcome.sink.store.OutcomeSink}.
 */
package io.firstcome.sink.store;
