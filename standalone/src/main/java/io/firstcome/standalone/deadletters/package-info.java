/**
 * Lists, replays and drops dead letters. Start at {@link io.firstcome.standalone.deadletters.DeadLetters}.
 */
package io.firstcome.standalone.deadletters;
