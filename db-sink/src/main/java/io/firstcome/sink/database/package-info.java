/** The connections to MySQL. Start at {@link io.firstcome.sink.database.Database}. */
package io.firstcome.sink.database;
