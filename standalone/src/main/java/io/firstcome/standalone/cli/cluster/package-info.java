/** Which running system a command works on. */
package io.firstcome.standalone.cli.cluster;
