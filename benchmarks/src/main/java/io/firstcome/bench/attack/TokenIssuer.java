package io.firstcome.bench.attack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;

import io.firstcome.bench.attack.AttackJob.User;

/** Signs the tokens of all callers with a key of its own. */
public final class TokenIssuer {

    private static final String ISSUER = "https://issuer.invalid";
    private static final String AUDIENCE = "firstcome";
    private static final String KEY_ID = "bench";
    private static final Duration VALID_FOR = Duration.ofHours(2);

    private final RSAKey key = newKey();
    private final Date expiry = Date.from(Instant.now().plus(VALID_FOR));

    private static RSAKey newKey() {
        try {
            return new RSAKeyGenerator(2048).keyID(KEY_ID).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Writes the public key and returns the settings of an ingress that accepts the tokens.
     *
     * @param directory where the file with the key is written
     */
    public Map<String, String> settings(Path directory) throws IOException {
        Path keys = Files.createDirectories(directory).resolve("jwks.json").toAbsolutePath();
        Files.writeString(keys, new JWKSet(key.toPublicJWK()).toString());
        return Map.of("FIRSTCOME_AUTH", "JWT", "FIRSTCOME_JWKS", keys.toString(), "FIRSTCOME_JWT_ISSUER", ISSUER,
                "FIRSTCOME_JWT_AUDIENCE", AUDIENCE);
    }

    /** The users {@code PREFIX-0000000000}, {@code PREFIX-0000000001} and so on with valid tokens of equal length. */
    public List<User> users(String prefix, int count) {
        return users(prefix, count, key);
    }

    /** The same users with tokens that name the right key and are signed with another one. */
    public List<User> usersWithBadTokens(String prefix, int count) {
        return users(prefix, count, newKey());
    }

    private List<User> users(String prefix, int count, RSAKey signing) {
        return IntStream.range(0, count).parallel().mapToObj(n -> String.format("%s-%010d", prefix, n))
                .map(user -> new User(user, token(user, signing))).toList();
    }

    private String token(String user, RSAKey signing) {
        var header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(KEY_ID).type(JOSEObjectType.JWT).build();
        var claims = new JWTClaimsSet.Builder().subject(user).issuer(ISSUER).audience(AUDIENCE)
                .expirationTime(expiry).build();
        var token = new SignedJWT(header, claims);
        try {
            token.sign(new RSASSASigner(signing));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return token.serialize();
    }
}
