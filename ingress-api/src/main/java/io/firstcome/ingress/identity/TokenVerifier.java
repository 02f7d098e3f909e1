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

import io.firstcome.contract.id.UserId;
import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemException;

/** Verifies tokens. Keys or key URLs inside a token are ignored. */
final class TokenVerifier {

    private static final Logger LOG = LoggerFactory.getLogger(TokenVerifier.class);
    private static final int MAX_TOKEN_LENGTH = 4096;
    private static final int SKEW_SECONDS = 60;

    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    private final TokenKeys keys;
    private final String userClaim;

    TokenVerifier(IdentitySettings settings, TokenKeys keys) {
        this.keys = keys;
        this.userClaim = settings.userClaim();
        // RFC 9068 gives access tokens the type at+jwt.
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
     * @return the user of the token and its expiry; empty when the token is not valid
     * @throws ProblemException 503 while the keys are unknown
     */
    Optional<Identity> verify(String token) {
        if (token.length() > MAX_TOKEN_LENGTH) {
            return Optional.empty();
        }
        try {
            JWTClaimsSet claims = processor.process(token, null);
            var user = new UserId(claims.getStringClaim(userClaim));
            return Optional.of(new Identity(Optional.of(user),
                    claims.getExpirationTime().toInstant().plusSeconds(SKEW_SECONDS)));
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

    private static Optional<Identity> invalid(Exception cause) {
        LOG.debug("a token is not valid", cause);
        return Optional.empty();
    }

    private static ProblemException unverifiable(KeySourceException cause) {
        LOG.debug("a token cannot be verified: {}", cause.getMessage());
        return new ProblemException(Problem.unavailable("Tokens cannot be verified at the moment. Try again."));
    }
}
