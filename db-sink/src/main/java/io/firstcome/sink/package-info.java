/**
 * The sink stores the authority's outcomes in MySQL.
 *
 * <p>It reads only {@code coupon-outcomes}. That topic also holds each coupon's definition and its changes, on the same
 * partition and before the issues that they allow. {@code coupon-states} is derived from the same outcomes: reading it
 * too would add a second order of events.
 */
package io.firstcome.sink;
