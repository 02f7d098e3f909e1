/** The commands that repair a system: dead letters and the rebuild of the database. */
package io.firstcome.standalone.cli.repair;
