package io.firstcome.ingress.identity;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimNames;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;

import io.firstcome.contract.id.UserId;
import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemException;

/**
 * Verifies tokens. Keys or key URLs inside a token are ignored.
 *
 * <p>A verified token is remembered by its SHA-256 hash for a minute, never beyond its {@code exp}, and costs no
 * signature check meanwhile. So it stays valid for up to a minute after {@link TokenKeys} has learned that its key was
 * withdrawn.
 */
final class TokenVerifier {

    private static final Logger LOG = LoggerFactory.getLogger(TokenVerifier.class);
    private static final int MAX_TOKEN_LENGTH = 4096;
    private static final int SKEW_SECONDS = 60;
    private static final Duration REMEMBERED = Duration.ofMinutes(1);
    /** About 300 bytes each. */
    private static final int MAX_REMEMBERED = 100_000;
    /** Half of the processors stay free for requests that need no signature check. */
    private static final int CHECKS = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

    private final DefaultJWTProcessor<SecurityContext> processor;
    private final DefaultJWTProcessor<SecurityContext> processorOfSuspects;
    private final Cache<ByteBuffer, Identity> remembered;
    private final TokenKeys keys;
    private final String userClaim;

    /** @param ticker the clock of the memory of verified tokens */
    TokenVerifier(IdentitySettings settings, TokenKeys keys, Ticker ticker) {
        this.keys = keys;
        this.userClaim = settings.userClaim();
        this.processor = processor(settings, keys, CHECKS);
        this.processorOfSuspects = processor(settings, keys, 1);
        this.remembered = Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).ticker(ticker)
                .expireAfter(Expiry.<ByteBuffer, Identity>creating((_, identity) -> rememberedFor(identity))).build();
    }

    private static DefaultJWTProcessor<SecurityContext> processor(IdentitySettings settings, TokenKeys keys,
            int checks) {
        var processor = new DefaultJWTProcessor<SecurityContext>();
        // RFC 9068 gives access tokens the type at+jwt.
        processor.setJWSTypeVerifier(
                new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(settings.algorithms(), keys.source()));
        processor.setJWTClaimsSetVerifier(claims(settings));
        processor.setJWSVerifierFactory(
                new BoundedSignatureChecks(new DefaultJWSVerifierFactory(), new Semaphore(checks, true)));
        return processor;
    }

    private static Duration rememberedFor(Identity identity) {
        Duration toExp = Duration.between(Instant.now(), identity.until().minusSeconds(SKEW_SECONDS));
        if (toExp.isNegative()) {
            return Duration.ZERO;
        }
        return toExp.compareTo(REMEMBERED) < 0 ? toExp : REMEMBERED;
    }

    private static DefaultJWTClaimsVerifier<SecurityContext> claims(IdentitySettings settings) {
        var exact = new JWTClaimsSet.Builder();
        settings.issuer().ifPresent(exact::issuer);
        var verifier = new DefaultJWTClaimsVerifier<SecurityContext>(settings.audience().orElse(null), exact.build(),
                Set.of(JWTClaimNames.EXPIRATION_TIME, settings.userClaim()));
        verifier.setMaxClockSkew(SKEW_SECONDS);
        return verifier;
    }

    /**
     * Verifies a token, and waits while too many signatures are being checked.
     *
     * @param suspect whether too many tokens from the same address have failed: such tokens wait among themselves, for
     *     one check at a time
     * @return the user of the token and its expiry; empty when the token is not valid
     * @throws ProblemException 503 while the keys are unknown
     */
    Optional<Identity> verify(String token, BooleanSupplier suspect) {
        if (token.length() > MAX_TOKEN_LENGTH) {
            return Optional.empty();
        }
        ByteBuffer hash = hash(token);
        Identity known = remembered.getIfPresent(hash);
        if (known != null) {
            return Optional.of(known);
        }
        try {
            JWTClaimsSet claims = (suspect.getAsBoolean() ? processorOfSuspects : processor).process(token, null);
            var user = new UserId(claims.getStringClaim(userClaim));
            var identity = new Identity(Optional.of(user),
                    claims.getExpirationTime().toInstant().plusSeconds(SKEW_SECONDS));
            remembered.put(hash, identity);
            return Optional.of(identity);
        } catch (RateLimitReachedException e) {
            // The keys were read a moment ago and do not contain the key that the token names.
            if (keys.areKnown()) {
                return invalid(e);
            }
            throw unverifiable(e);
        } catch (KeySourceException e) {
            throw unverifiable(e);
        } catch (ParseException | BadJOSEException | JOSEException | RuntimeException e) {
            // A token that makes the library fail is not valid.
            return invalid(e);
        }
    }

    private static ByteBuffer hash(String token) {
        try {
            // Other characters than ASCII are of no valid token; UTF-8 keeps them apart from those that are.
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Optional<Identity> invalid(Exception cause) {
        LOG.debug("a token is not valid", cause);
        return Optional.empty();
    }

    private static ProblemException unverifiable(KeySourceException cause) {
        LOG.debug("a token cannot be verified: {}", cause.getMessage());
        return new ProblemException(Problem.unavailable("Tokens cannot be verified at the moment. Try again."));
    }
}
