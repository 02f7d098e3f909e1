package io.firstcome.ingress.identity;

import java.security.Key;
import java.util.Set;
import java.util.concurrent.Semaphore;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.proc.JWSVerifierFactory;
import com.nimbusds.jose.util.Base64URL;

/**
 * Bounds how many signatures are checked at the same time; further checks wait for their turn. A check costs a tenth of
 * a millisecond of CPU, and every program can send tokens: without a bound, a flood of wrong tokens would leave no CPU
 * for other requests. Only the check itself has a permit, so that a slow download of keys keeps no other check waiting.
 *
 * @param checks creates the verifiers that check signatures
 * @param permits how many checks may run; fair, so that a flood cannot overtake a waiting check
 */
record BoundedSignatureChecks(JWSVerifierFactory checks, Semaphore permits) implements JWSVerifierFactory {

    @Override
    public JWSVerifier createJWSVerifier(JWSHeader header, Key key) throws JOSEException {
        return new Bounded(checks.createJWSVerifier(header, key), permits);
    }

    @Override
    public Set<JWSAlgorithm> supportedJWSAlgorithms() {
        return checks.supportedJWSAlgorithms();
    }

    @Override
    public JCAContext getJCAContext() {
        return checks.getJCAContext();
    }

    private record Bounded(JWSVerifier check, Semaphore permits) implements JWSVerifier {

        @Override
        public boolean verify(JWSHeader header, byte[] signed, Base64URL signature) throws JOSEException {
            permits.acquireUninterruptibly();
            try {
                return check.verify(header, signed, signature);
            } finally {
                permits.release();
            }
        }

        @Override
        public Set<JWSAlgorithm> supportedJWSAlgorithms() {
            return check.supportedJWSAlgorithms();
        }

        @Override
        public JCAContext getJCAContext() {
            return check.getJCAContext();
        }
    }
}
