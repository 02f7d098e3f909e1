package io.firstcome.ingress.documents;

import io.firstcome.kit.http.Problem;

/**
 * What a problem of one type means to a client.
 *
 * @param name the end of its type URI
 * @param status the HTTP status that it comes with
 * @param meaning what is the matter
 * @param remedy what to do about it
 */
record ProblemType(String name, int status, String meaning, String remedy) {

    String uri() {
        return Problem.TYPE_PREFIX + name;
    }
}
