import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/**
 * Claims a coupon with {@link HttpClient} (JDK 17 or newer): {@code java Claim.java URL COUPON USER [KEY]}.
 * Prints the final answer. Exit code: 0 issued, 1 rejected, 2 the request is wrong, 3 no final answer in time.
 */
public final class Claim {

    private static final Set<Integer> REPEAT = Set.of(408, 429, 500, 503);

    private final HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final URI claims;
    private final String user;
    private final String key;

    private Claim(URI claims, String user, String key) {
        this.claims = claims;
        this.user = user;
        this.key = key;
    }

    public static void main(String[] arguments) throws InterruptedException {
        URI claims = URI.create(arguments[0].replaceFirst("/$", "") + "/v1/coupons/" + arguments[1] + "/issues");
        // The key is chosen once, before the first attempt.
        String key = arguments.length > 3 ? arguments[3] : UUID.randomUUID().toString();
        long seconds = Long.parseLong(System.getenv().getOrDefault("CLAIM_SECONDS", "60"));
        System.exit(new Claim(claims, arguments[2], key).run(Instant.now().plusSeconds(seconds)));
    }

    /** Returns the exit code. */
    private int run(Instant deadline) throws InterruptedException {
        URI location = null;
        while (Instant.now().isBefore(deadline)) {
            long pause = 1;
            try {
                HttpResponse<String> answer = location == null ? claim() : status(location);
                int status = answer.statusCode();
                String body = answer.body();
                if (status == 201 || status == 200 && body.contains("\"status\":\"ISSUED\"")) {
                    return print(0, body);
                } else if (status == 200 && !body.contains("\"status\":\"PENDING\"")) {
                    return print(1, body); // REJECTED or REVOKED
                } else if (status == 202) {
                    location = claims.resolve(answer.headers().firstValue("Location").orElseThrow());
                } else if (status == 409 || status == 410) {
                    return print(1, body);
                } else if (status == 404 && location != null) {
                    location = null; // The request is no longer known: claim again under the same key.
                } else if (status != 200 && !REPEAT.contains(status)) {
                    return print(2, body);
                }
                pause = answer.headers().firstValue("Retry-After").filter(it -> it.matches("\\d+"))
                        .map(Long::valueOf).orElse(pause);
            } catch (IOException noAnswer) {
                // The log may have the claim. The repetition below sends the same key.
            }
            Thread.sleep(pause * 1000);
        }
        System.err.println("no final answer yet; run again with the key " + key);
        return 3;
    }

    /** A user id consists of characters that JSON does not escape. */
    private HttpResponse<String> claim() throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(claims).header("Idempotency-Key", key)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"userId\":\"" + user + "\"}")));
    }

    private HttpResponse<String> status(URI location) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(location));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.header("Prefer", "wait=10").timeout(Duration.ofSeconds(20)).build(),
                BodyHandlers.ofString());
    }

    private static int print(int code, String body) {
        System.out.println(body);
        return code;
    }
}
