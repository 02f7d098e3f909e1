/**
 * Fills the tables from the authority's holders. Start at {@link io.firstcome.sink.rebuild.DatabaseRebuild}.
 */
package io.firstcome.sink.rebuild;
