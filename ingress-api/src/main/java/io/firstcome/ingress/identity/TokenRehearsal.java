package io.firstcome.ingress.identity;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAKeyGenParameterSpec;
import java.security.spec.RSAPrivateKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.opts.AllowWeakRSAKey;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;

import io.firstcome.contract.json.Json;
import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemType;

/**
 * Runs the code that verifies tokens until the JVM has compiled most of it. The first tokens of a rush, or of a flood
 * of wrong ones, would otherwise cost many times the processor time of later ones. The keys and the tokens are made
 * here, so the issuer is not asked.
 */
final class TokenRehearsal implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TokenRehearsal.class);
    /** Later checks cost a tenth of the first ones. The rounds take a second or two of processor time. */
    private static final int ROUNDS = 250;
    /** Two known primes: a cold JVM needs seconds to generate a key. Nothing but a rehearsal trusts this one. */
    private static final BigInteger ONE_PRIME = BigInteger.TWO.pow(1279).subtract(BigInteger.ONE);
    private static final BigInteger OTHER_PRIME = BigInteger.TWO.pow(607).subtract(BigInteger.ONE);
    private static final String MALFORMED = "no.token.atall";

    private final IdentitySettings settings;
    private final Thread thread = Thread.ofPlatform().name("token-rehearsal").daemon().unstarted(this::run);
    private volatile boolean over;
    private volatile boolean closing;
    private int accepted;
    private int refused;

    TokenRehearsal(IdentitySettings settings) {
        this.settings = settings;
    }

    /** Starts, on a thread of its own. */
    void start() {
        thread.start();
    }

    /** Whether the rehearsal has ended, with or without success. */
    boolean isOver() {
        return over;
    }

    /** How many tokens were found to be valid; known once the rehearsal is over. */
    int accepted() {
        return accepted;
    }

    /** How many tokens were refused; known once the rehearsal is over. */
    int refused() {
        return refused;
    }

    private void run() {
        try {
            rehearse();
            LOG.debug("checked {} valid tokens and {} others", accepted, refused);
        } catch (JOSEException | RuntimeException e) {
            // The tokens of callers need none of what failed here.
            LOG.warn("the verification of tokens could not be rehearsed", e);
        } finally {
            over = true;
        }
    }

    private void rehearse() throws JOSEException {
        Map<JWSAlgorithm, JWK> keys = keys();
        List<String> tokens = new ArrayList<>(List.of(MALFORMED));
        for (Map.Entry<JWSAlgorithm, JWK> key : keys.entrySet()) {
            String valid = token(key.getKey(), key.getValue());
            tokens.add(valid);
            tokens.add(withOtherSignature(valid));
        }
        var known = new ImmutableJWKSet<>(new JWKSet(List.copyOf(keys.values())));
        for (int round = 0; round < ROUNDS && !closing; round++) {
            // A verifier of each round's own: it remembers the tokens that it has verified.
            var verifier = new TokenVerifier(settings, known);
            tokens.forEach(token -> rehearse(verifier, token));
        }
    }

    private void rehearse(TokenVerifier verifier, String token) {
        if (verifier.verify(token, () -> false).isPresent()) {
            accepted++;
        } else {
            refused++;
            Json.write(Problem.of(ProblemType.UNAUTHENTICATED).with("requestId", token.substring(0, 10)));
        }
    }

    private Map<JWSAlgorithm, JWK> keys() throws JOSEException {
        Map<JWSAlgorithm, JWK> keys = new HashMap<>();
        for (JWSAlgorithm algorithm : settings.algorithms()) {
            if (JWSAlgorithm.Family.EC.contains(algorithm)) {
                Curve curve = Curve.forJWSAlgorithm(algorithm).iterator().next();
                keys.put(algorithm, new ECKeyGenerator(curve).keyID(algorithm.getName()).generate());
            } else {
                keys.put(algorithm, rsaKey(algorithm.getName()));
            }
        }
        return keys;
    }

    private static RSAKey rsaKey(String id) throws JOSEException {
        BigInteger modulus = ONE_PRIME.multiply(OTHER_PRIME);
        BigInteger order = ONE_PRIME.subtract(BigInteger.ONE).multiply(OTHER_PRIME.subtract(BigInteger.ONE));
        BigInteger exponent = RSAKeyGenParameterSpec.F4;
        try {
            KeyFactory factory = KeyFactory.getInstance("RSA");
            var known = (RSAPublicKey) factory.generatePublic(new RSAPublicKeySpec(modulus, exponent));
            PrivateKey secret = factory.generatePrivate(new RSAPrivateKeySpec(modulus, exponent.modInverse(order)));
            return new RSAKey.Builder(known).privateKey(secret).keyID(id).build();
        } catch (GeneralSecurityException e) {
            throw new JOSEException(e);
        }
    }

    private String token(JWSAlgorithm algorithm, JWK key) throws JOSEException {
        var claims = new JWTClaimsSet.Builder().claim(settings.userClaim(), "rehearsal")
                .expirationTime(Date.from(Instant.now().plus(Duration.ofHours(1))));
        settings.issuer().ifPresent(claims::issuer);
        settings.audience().ifPresent(claims::audience);
        // Nimbus asks for 2,048 bits; the key has 1,886.
        JWSSigner signer = key instanceof RSAKey rsa
                ? new RSASSASigner(rsa.toPrivateKey(), Set.of(AllowWeakRSAKey.getInstance()))
                : new ECDSASigner(key.toECKey());
        var token = new SignedJWT(new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).build(), claims.build());
        token.sign(signer);
        return token.serialize();
    }

    private static String withOtherSignature(String token) {
        int changed = token.lastIndexOf('.') + 10;
        char other = token.charAt(changed) == 'A' ? 'B' : 'A';
        return token.substring(0, changed) + other + token.substring(changed + 1);
    }

    @Override
    public void close() {
        closing = true;
    }
}
