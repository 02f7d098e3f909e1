/**
 * The threads that a service runs for as long as it lives, with one failure policy. Start at
 * {@link io.firstcome.kit.loop.ServiceLoop}.
 */
package io.firstcome.kit.loop;
