package io.firstcome.kit.http;

import java.util.Set;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Lets only methods through that mean what they say. Javalin would take any word for a method, those that it keeps for
 * its filters too, would let a header change the method, and would answer HEAD without asking the handler of GET.
 */
final class PlainMethods extends Handler.Wrapper {

    /** The attribute of requests whose answer goes without its body. */
    static final String HEAD = PlainMethods.class.getName() + ".head";

    private static final String OVERRIDE = "X-HTTP-Method-Override";
    private static final Set<String> KNOWN = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (!KNOWN.contains(request.getMethod())) {
            Response.writeError(request, response, callback, 405);
            return true;
        }
        boolean plain = !"HEAD".equals(request.getMethod()) && !request.getHeaders().contains(OVERRIDE);
        return super.handle(plain ? request : new Plain(request), response, callback);
    }

    /** HEAD is handled as GET; Jetty then leaves the body away. */
    private static final class Plain extends Request.Wrapper {

        private final HttpFields headers;

        Plain(Request request) {
            super(request);
            if ("HEAD".equals(request.getMethod())) {
                setAttribute(HEAD, true);
            }
            headers = HttpFields.build(request.getHeaders()).remove(OVERRIDE).asImmutable();
        }

        @Override
        public String getMethod() {
            String method = super.getMethod();
            return "HEAD".equals(method) ? "GET" : method;
        }

        @Override
        public HttpFields getHeaders() {
            return headers;
        }
    }
}
