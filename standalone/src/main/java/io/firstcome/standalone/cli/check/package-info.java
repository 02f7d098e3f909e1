/** The command that checks the guarantees of a running system. */
package io.firstcome.standalone.cli.check;
