/** What a check of a running system found. */
package io.firstcome.standalone.check.report;
