/** Child processes and their data directories. */
package io.firstcome.embedded.process;
