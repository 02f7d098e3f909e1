package io.firstcome.ingress.identity;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import com.nimbusds.jose.JWSAlgorithm;

import io.firstcome.kit.service.StartFailure;
import io.firstcome.kit.settings.Setting;

/**
 * How callers are authenticated.
 *
 * @param callersAreUsers whether each caller is a user with a token; otherwise callers are trusted back ends
 * @param keys the location of the token issuer's public keys
 * @param issuer the required issuer of a token
 * @param audience the required audience of a token
 * @param userClaim the claim that names the user
 * @param algorithms the accepted signature algorithms
 * @param failuresPerMinute how many failed tokens of one address are answered 401; further ones are answered 429
 * @param usersMayRevoke whether users may give back the coupons that they hold
 */
public record IdentitySettings(
        boolean callersAreUsers,
        Optional<URI> keys,
        Optional<String> issuer,
        Optional<String> audience,
        String userClaim,
        Set<JWSAlgorithm> algorithms,
        int failuresPerMinute,
        boolean usersMayRevoke) {

    private enum Mode {
        NONE, JWT
    }

    /** Asymmetric algorithms only: a service that verifies tokens must not be able to sign them. */
    private static final List<JWSAlgorithm> ALLOWED = List.of(JWSAlgorithm.RS256, JWSAlgorithm.RS384,
            JWSAlgorithm.RS512, JWSAlgorithm.PS256, JWSAlgorithm.PS384, JWSAlgorithm.PS512, JWSAlgorithm.ES256,
            JWSAlgorithm.ES384, JWSAlgorithm.ES512);

    private static final Setting<Mode> MODE = Setting.choice("FIRSTCOME_AUTH", Mode.NONE,
            "Callers: trusted back ends that name the user (NONE), or users with a bearer token (JWT).");
    private static final Setting<Optional<URI>> KEYS = new Setting<>("FIRSTCOME_JWKS", "", "file or URL",
            "The JSON Web Key Set that verifies the tokens; read every five minutes and when a token names an unknown"
                    + " key.",
            IdentitySettings::location);
    private static final Setting<Optional<String>> ISSUER = optional("FIRSTCOME_JWT_ISSUER",
            "The required value of the claim iss. Empty: any.");
    private static final Setting<Optional<String>> AUDIENCE = optional("FIRSTCOME_JWT_AUDIENCE",
            "The required value of the claim aud. Empty: any, including tokens for other services.");
    private static final Setting<String> USER_CLAIM = Setting.text("FIRSTCOME_JWT_USER_CLAIM", "sub",
            "The claim that names the user, with 1 to 128 characters of A-Z a-z 0-9 _ - . : | @ + = ~");
    private static final Setting<Set<JWSAlgorithm>> ALGORITHMS = new Setting<>("FIRSTCOME_JWT_ALGORITHMS",
            "RS256,ES256", "names", "The accepted signature algorithms: some of " + names(ALLOWED) + ".",
            IdentitySettings::algorithms);
    private static final Setting<Integer> FAILURES = Setting.number("FIRSTCOME_TOKEN_FAILURES_PER_MINUTE", 600, 1,
            1_000_000,
            "tokens per minute",
            "How many failed tokens of one address are answered 401; further failures are answered 429.");

    private static final Setting<Boolean> USERS_MAY_REVOKE = new Setting<>("FIRSTCOME_USERS_MAY_REVOKE", "false",
            "true | false",
            "Whether users may give back the coupons that they hold, with FIRSTCOME_AUTH=JWT. Operators always may.",
            IdentitySettings::bool);

    /** All settings, for the documentation. */
    public static final List<Setting<?>> ALL = List.of(MODE, KEYS, ISSUER, AUDIENCE, USER_CLAIM, ALGORITHMS, FAILURES,
            USERS_MAY_REVOKE);

    /**
     * The settings of an environment.
     *
     * @throws StartFailure naming the setting that is missing or not valid
     */
    public static IdentitySettings from(Map<String, String> environment) {
        boolean callersAreUsers = MODE.from(environment) == Mode.JWT;
        Optional<URI> keys = KEYS.from(environment);
        if (callersAreUsers && keys.isEmpty()) {
            throw new StartFailure("setting " + KEYS.key() + " must name the keys, because " + MODE.key() + " is JWT");
        }
        if (!callersAreUsers && keys.isPresent()) {
            throw new StartFailure("setting " + KEYS.key() + " is set, but " + MODE.key()
                    + " is NONE, so no token would be verified; set it to JWT or remove the keys");
        }
        for (Setting<Optional<String>> required : List.of(ISSUER, AUDIENCE)) {
            if (!callersAreUsers && required.from(environment).isPresent()) {
                throw new StartFailure("setting " + required.key() + " is set, but " + MODE.key()
                        + " is NONE, so no token would be verified; set it to JWT or remove the claim");
            }
        }
        boolean usersMayRevoke = USERS_MAY_REVOKE.from(environment);
        if (usersMayRevoke && !callersAreUsers) {
            throw new StartFailure("setting " + USERS_MAY_REVOKE.key() + " is true, but " + MODE.key()
                    + " is NONE, so the ingress does not know the user of a request; set it to JWT");
        }
        return new IdentitySettings(callersAreUsers, keys, ISSUER.from(environment), AUDIENCE.from(environment),
                USER_CLAIM.from(environment), ALGORITHMS.from(environment), FAILURES.from(environment), usersMayRevoke);
    }

    private static boolean bool(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("must be true or false");
        };
    }

    /** Settings that accept more tokens than an operator may expect, as text for the log. */
    List<String> weaknesses() {
        List<String> weaknesses = new ArrayList<>();
        if (issuer.isEmpty()) {
            weaknesses.add(ISSUER.key() + " is not set, so any issuer is accepted");
        }
        if (audience.isEmpty()) {
            weaknesses.add(AUDIENCE.key() + " is not set, so tokens for other services are accepted");
        }
        if (keys.filter(it -> "http".equals(it.getScheme())).isPresent()) {
            weaknesses.add(KEYS.key() + " is read without TLS, so a machine in between can replace the keys");
        }
        return weaknesses;
    }

    private static Setting<Optional<String>> optional(String key, String meaning) {
        return new Setting<>(key, "", "text", meaning, text -> text.isEmpty() ? Optional.empty() : Optional.of(text));
    }

    private static Optional<URI> location(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        boolean isUrl = text.startsWith("https://") || text.startsWith("http://");
        return Optional.of(isUrl ? url(text) : Path.of(text).toAbsolutePath().toUri());
    }

    private static URI url(String text) {
        URI url = URI.create(text);
        if (url.getHost() == null || url.getRawUserInfo() != null) {
            throw new IllegalArgumentException("must look like https://host/path, without credentials");
        }
        return url;
    }

    private static Set<JWSAlgorithm> algorithms(String text) {
        Set<JWSAlgorithm> named = Arrays.stream(text.split(",")).map(String::strip).map(JWSAlgorithm::new)
                .collect(Collectors.toSet());
        if (!ALLOWED.containsAll(named)) {
            throw new IllegalArgumentException("must be some of " + names(ALLOWED));
        }
        return named;
    }

    private static String names(List<JWSAlgorithm> algorithms) {
        return algorithms.stream().map(JWSAlgorithm::getName).collect(Collectors.joining(", "));
    }
}
