/** The commands that use a running system through its HTTP API. */
package io.firstcome.standalone.cli.operate;
