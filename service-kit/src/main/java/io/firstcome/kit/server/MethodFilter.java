package io.firstcome.kit.server;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

import io.firstcome.kit.http.Requests;

/**
 * Passes only the methods of HTTP to Javalin. Javalin accepts any word as a method, including the names of its own
 * filters, lets a header override the method, and answers HEAD without calling the handler of GET.
 */
final class MethodFilter extends Handler.Wrapper {

    /** Sec-WebSocket-Version makes Javalin look for a WebSocket and open a session for any request. */
    private static final Set<String> REMOVED_HEADERS = Set.of("X-HTTP-Method-Override", "Sec-WebSocket-Version");
    private static final Set<String> KNOWN = new TreeSet<>(
            List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"));
    /** The {@code Allow} header that answers an unknown method; a path may support fewer. */
    static final String ALLOWED = String.join(", ", KNOWN);

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (!KNOWN.contains(request.getMethod())) {
            Response.writeError(request, response, callback, 405);
            return true;
        }
        if (request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_0
                && request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)) {
            // HTTP/1.0 has no such header: a proxy may see another end of the request (request smuggling).
            Response.writeError(request, response, callback, 400);
            return true;
        }
        boolean unchanged = !"HEAD".equals(request.getMethod())
                && REMOVED_HEADERS.stream().noneMatch(request.getHeaders()::contains);
        return super.handle(unchanged ? request : new FilteredRequest(request), response, callback);
    }

    /** HEAD is handled as GET; Jetty then omits the body. */
    private static final class FilteredRequest extends Request.Wrapper {

        private final HttpFields headers;

        FilteredRequest(Request request) {
            super(request);
            if ("HEAD".equals(request.getMethod())) {
                setAttribute(Requests.HEAD_ATTRIBUTE, true);
            }
            HttpFields.Mutable filtered = HttpFields.build(request.getHeaders());
            REMOVED_HEADERS.forEach(filtered::remove);
            headers = filtered.asImmutable();
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
