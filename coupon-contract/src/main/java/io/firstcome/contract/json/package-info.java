/** The strict JSON of the log and of HTTP, and the checks that name the field at fault. */
package io.firstcome.contract.json;
