package io.firstcome.system;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.metadata.authorizer.StandardAuthorizer;
import org.apache.kafka.server.authorizer.Action;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;
import org.apache.kafka.server.authorizer.AuthorizationResult;

/** Kafka's own authorizer, which also remembers the requests. The broker creates the object, so fields are static. */
public final class RecordingAuthorizer extends StandardAuthorizer {

    /** What a user wanted to do. */
    record Attempt(String user, AclOperation operation, ResourceType type, String name) {

        @Override
        public String toString() {
            return user + ": " + operation + " on " + type + " " + name;
        }
    }

    static final Set<Attempt> ALLOWED = ConcurrentHashMap.newKeySet();
    static final Set<Attempt> DENIED = ConcurrentHashMap.newKeySet();

    @Override
    public List<AuthorizationResult> authorize(AuthorizableRequestContext context, List<Action> actions) {
        List<AuthorizationResult> results = super.authorize(context, actions);
        for (int i = 0; i < actions.size(); i++) {
            Action action = actions.get(i);
            var attempt = new Attempt(context.principal().getName(), action.operation(),
                    action.resourcePattern().resourceType(), action.resourcePattern().name());
            if (results.get(i) == AuthorizationResult.ALLOWED) {
                ALLOWED.add(attempt);
            } else if (action.logIfDenied()) {
                // A list of all topics asks about each topic, and leaves out the others without a failure.
                DENIED.add(attempt);
            }
        }
        return results;
    }
}
