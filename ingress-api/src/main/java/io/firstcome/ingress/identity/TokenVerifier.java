package io.firstcome.ingress.identity;

import java.text.ParseException;
import java.util.Optional;
import java.util.Set;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimNames;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;

import io.firstcome.contract.UserId;
import io.firstcome.kit.http.ProblemException;

/** Tells whose token it is. The keys that a token brings along, and where it says that keys are, do not matter. */
final class TokenVerifier {

    private static final Logger LOG = LoggerFactory.getLogger(TokenVerifier.class);
    private static final int LONGEST_TOKEN = 4096;
    private static final int SKEW_SECONDS = 60;

    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    private final TokenKeys keys;
    private final String userClaim;

    TokenVerifier(IdentitySettings settings, TokenKeys keys) {
        this.keys = keys;
        this.userClaim = settings.userClaim();
        // RFC 9068 has access tokens say that they are such.
        processor.setJWSTypeVerifier(
                new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(settings.algorithms(), keys.source()));
        processor.setJWTClaimsSetVerifier(claims(settings));
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
     * @return whose token it is, and for how long; empty when it proves nothing
     * @throws ProblemException 503 while that cannot be told
     */
    Optional<Identity> identityOf(String token) {
        return token.length() > LONGEST_TOKEN ? Optional.empty() : verified(token);
    }

    private Optional<Identity> verified(String token) {
        try {
            JWTClaimsSet claims = processor.process(token, null);
            var user = new UserId(claims.getStringClaim(userClaim));
            return Optional.of(new Identity(Optional.of(user),
                    claims.getExpirationTime().toInstant().plusSeconds(SKEW_SECONDS)));
        } catch (RateLimitReachedException e) {
            // The keys were read a moment ago, and the one that the token names was not among them.
            return keys.areKnown() ? refused(e) : unknowable(e);
        } catch (KeySourceException e) {
            return unknowable(e);
        } catch (ParseException | BadJOSEException | JOSEException | RuntimeException e) {
            // Whatever the library stumbles over is a token that proves nothing.
            return refused(e);
        }
    }

    private static Optional<Identity> refused(Exception why) {
        LOG.debug("a token was refused", why);
        return Optional.empty();
    }

    private static Optional<Identity> unknowable(KeySourceException why) {
        LOG.debug("a token cannot be verified: {}", why.getMessage());
        throw new ProblemException(IdentityProblems.keysUnknown());
    }
}
