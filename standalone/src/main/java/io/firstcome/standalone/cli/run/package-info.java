/** The commands that start something: the whole system, one service, or a sale. */
package io.firstcome.standalone.cli.run;
