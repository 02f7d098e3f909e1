/** The command line: {@link io.firstcome.standalone.cli.FirstCome} lists the commands, the packages below hold them. */
package io.firstcome.standalone.cli;
