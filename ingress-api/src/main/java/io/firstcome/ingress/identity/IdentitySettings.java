package io.firstcome.ingress.identity;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import com.nimbusds.jose.JWSAlgorithm;

import io.firstcome.kit.service.StartFailure;
import io.firstcome.kit.settings.Setting;

/**
 * How callers prove who they are.
 *
 * @param callersAreUsers whether each caller is a user with a token; else they are back ends that are trusted
 * @param keys where the public keys of the tokens' issuer are
 * @param issuer who must have issued a token
 * @param audience for whom it must have been issued
 * @param userClaim which claim names the user
 * @param algorithms how it may be signed
 * @param failuresPerMinute how many tokens of one address may be refused before they are not looked at
 */
public record IdentitySettings(
        boolean callersAreUsers,
        Optional<URI> keys,
        Optional<String> issuer,
        Optional<String> audience,
        String userClaim,
        Set<JWSAlgorithm> algorithms,
        int failuresPerMinute) {

    private enum Mode {
        NONE, JWT
    }

    /** Asymmetric ones only: who can verify must not be able to sign. */
    private static final List<JWSAlgorithm> ALLOWED = List.of(JWSAlgorithm.RS256, JWSAlgorithm.RS384,
            JWSAlgorithm.RS512, JWSAlgorithm.PS256, JWSAlgorithm.PS384, JWSAlgorithm.PS512, JWSAlgorithm.ES256,
            JWSAlgorithm.ES384, JWSAlgorithm.ES512);

    private static final Setting<Mode> MODE = Setting.choice("FIRSTCOME_AUTH", Mode.NONE,
            "Who calls: trusted back ends that name the user (NONE), or users with a bearer token of theirs (JWT).");
    private static final Setting<Optional<URI>> KEYS = new Setting<>("FIRSTCOME_JWKS", "", "file or URL",
            "The JSON Web Key Set that verifies the tokens; read again every five minutes, and for a key that it lacks.",
            IdentitySettings::place);
    private static final Setting<Optional<String>> ISSUER = optional("FIRSTCOME_JWT_ISSUER",
            "What the claim iss of each token must say. Empty: anything.");
    private static final Setting<Optional<String>> AUDIENCE = optional("FIRSTCOME_JWT_AUDIENCE",
            "What the claim aud of each token must hold. Empty: anything, tokens for other services included.");
    private static final Setting<String> USER_CLAIM = Setting.text("FIRSTCOME_JWT_USER_CLAIM", "sub",
            "The claim that names the user, by 1 to 64 of A-Z a-z 0-9 _ -");
    private static final Setting<Set<JWSAlgorithm>> ALGORITHMS = new Setting<>("FIRSTCOME_JWT_ALGORITHMS",
            "RS256,ES256", "names", "How tokens may be signed: some of " + names(ALLOWED) + ".",
            IdentitySettings::algorithms);
    private static final Setting<Integer> FAILURES = Setting.number("FIRSTCOME_TOKEN_FAILURES_PER_MINUTE", 600, 1,
            1_000_000,
            "tokens per minute",
            "How many tokens of one address may be refused before the rest is answered 429 unread.");

    /** Every key, for the documentation. */
    public static final List<Setting<?>> ALL = List.of(MODE, KEYS, ISSUER, AUDIENCE, USER_CLAIM, ALGORITHMS, FAILURES);

    /**
     * The settings of an environment.
     *
     * @throws StartFailure naming the key whose value is not allowed, or that is missing
     */
    public static IdentitySettings from(Map<String, String> environment) {
        boolean callersAreUsers = MODE.from(environment) == Mode.JWT;
        Optional<URI> keys = KEYS.from(environment);
        if (callersAreUsers && keys.isEmpty()) {
            throw new StartFailure("setting " + KEYS.key() + " must say where the keys are, for " + MODE.key()
                    + " is JWT");
        }
        if (!callersAreUsers && keys.isPresent()) {
            throw new StartFailure("setting " + KEYS.key() + " is set, but " + MODE.key()
                    + " is NONE: nobody's token would be looked at; set it to JWT, or leave the keys out");
        }
        return new IdentitySettings(callersAreUsers, keys, ISSUER.from(environment), AUDIENCE.from(environment),
                USER_CLAIM.from(environment), ALGORITHMS.from(environment), FAILURES.from(environment));
    }

    /** What lets more tokens in than an operator may think; empty where nothing does. */
    List<String> weaknesses() {
        List<String> weaknesses = new ArrayList<>();
        if (issuer.isEmpty()) {
            weaknesses.add(ISSUER.key() + " is not set: whoever issued them");
        }
        if (audience.isEmpty()) {
            weaknesses.add(AUDIENCE.key() + " is not set: those for other services too");
        }
        if (keys.filter(it -> "http".equals(it.getScheme())).isPresent()) {
            weaknesses.add(KEYS.key() + " is read without TLS: those of whoever stands in between too");
        }
        return weaknesses;
    }

    private static Setting<Optional<String>> optional(String key, String meaning) {
        return new Setting<>(key, "", "text", meaning, text -> text.isEmpty() ? Optional.empty() : Optional.of(text));
    }

    private static Optional<URI> place(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        boolean isUrl = text.startsWith("https://") || text.startsWith("http://");
        return Optional.of(isUrl ? url(text) : Path.of(text).toAbsolutePath().toUri());
    }

    private static URI url(String text) {
        URI url = URI.create(text);
        if (url.getHost() == null || url.getRawUserInfo() != null) {
            throw new IllegalArgumentException("must look like https://host/path, without credentials: none are sent");
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
