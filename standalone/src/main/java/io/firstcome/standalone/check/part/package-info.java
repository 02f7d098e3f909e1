/** One class for each part of a running system that is compared with the log. */
package io.firstcome.standalone.check.part;
