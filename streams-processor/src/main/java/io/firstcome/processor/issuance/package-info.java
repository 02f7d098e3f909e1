/**
 * The rules, and nothing but the rules: {@link io.firstcome.processor.issuance.IssuancePolicy} decides, and
 * {@link io.firstcome.processor.issuance.CouponSnapshot#after} applies what was decided. A test keeps everything else
 * out of this package.
 */
package io.firstcome.processor.issuance;
