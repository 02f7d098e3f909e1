/**
 * The rules: {@link io.firstcome.processor.issuance.IssuancePolicy} decides, and {@link
 * io.firstcome.processor.issuance.CouponSnapshot#after} applies an outcome. A test forbids every dependency except the
 * contract and the JDK's value types.
 */
package io.firstcome.processor.issuance;
