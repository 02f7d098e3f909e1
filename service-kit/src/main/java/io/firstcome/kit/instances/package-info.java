/** Requests to a service that has several instances, each with its own URL. */
package io.firstcome.kit.instances;
