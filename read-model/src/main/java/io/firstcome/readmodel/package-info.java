/** What one ingress has read of the topics. Start at {@link io.firstcome.readmodel.ReadModel}. */
package io.firstcome.readmodel;
