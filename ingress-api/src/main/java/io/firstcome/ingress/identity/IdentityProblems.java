package io.firstcome.ingress.identity;

import io.firstcome.kit.http.Problem;

/** The problems of callers who are not who they should be. They tell nothing about what was wrong with a token. */
final class IdentityProblems {

    private IdentityProblems() {}

    static Problem unauthenticated() {
        return Problem.of("unauthenticated", 401, "Who asks is not known.",
                "Send a valid token as Authorization: Bearer …");
    }

    static Problem forbidden() {
        return Problem.of("forbidden", 403, "This is another user's.", "The token is good for its own user only.");
    }

    static Problem keysUnknown() {
        return Problem.unavailable("Tokens cannot be verified at the moment. Nothing was taken; ask again.");
    }
}
