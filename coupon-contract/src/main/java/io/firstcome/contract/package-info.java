/**
 * The contract between the services: the topics, the commands, outcomes and states in them, and their JSON.
 *
 * <p>Start at {@link io.firstcome.contract.topic.Topics}. This module decides nothing; the rules are in the authority.
 */
package io.firstcome.contract;
