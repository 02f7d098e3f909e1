/** What all commands share: exit codes, tables, JSON and progress. */
package io.firstcome.standalone.cli.terminal;
