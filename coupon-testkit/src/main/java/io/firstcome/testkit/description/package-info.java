/**
 * Validation against {@code openapi.yaml} and {@code asyncapi.yaml}. Modules that use this package must declare
 * networknt's json-schema-validator, which is an optional dependency here.
 */
package io.firstcome.testkit.description;
