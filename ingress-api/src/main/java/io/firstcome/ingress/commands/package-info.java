/** Commands whose answer is the authority's decision, and the revocation of issued coupons. */
package io.firstcome.ingress.commands;
