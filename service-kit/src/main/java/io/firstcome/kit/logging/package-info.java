/**
 * The log of a process: where and how lines are written, their levels, and the fields that name a request. Start at
 * {@link io.firstcome.kit.logging.Logging}.
 */
package io.firstcome.kit.logging;
