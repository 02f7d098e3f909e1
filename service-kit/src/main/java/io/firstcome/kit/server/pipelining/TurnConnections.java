package io.firstcome.kit.server.pipelining;

import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.util.VirtualThreads;

/** Makes the connections that {@link PipelinedRequests} needs. */
public final class TurnConnections extends HttpConnectionFactory {

    /** @param http the configuration of the connections */
    public TurnConnections(HttpConfiguration http) {
        super(http);
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        var connection = new TurnConnection(getHttpConfiguration(), connector, endPoint,
                VirtualThreads.getVirtualThreadsExecutor(connector.getServer().getThreadPool()));
        connection.setTransferEncodingChunkMaxLength(getTransferEncodingChunkMaxLength());
        return configure(connection, connector, endPoint);
    }
}
