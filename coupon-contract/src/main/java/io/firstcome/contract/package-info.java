/**
 * What the services say to each other: the topics, the commands and outcomes that stand in them, and their JSON.
 *
 * <p>Start at {@link io.firstcome.contract.Topics}. Nothing here decides anything; the rules live in the authority.
 */
package io.firstcome.contract;
