/** The topics, declared once. Start at {@link io.firstcome.contract.topic.Topics}. */
package io.firstcome.contract.topic;
