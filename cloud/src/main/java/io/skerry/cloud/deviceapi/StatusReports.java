package io.skerry.cloud.deviceapi;

import io.skerry.cloud.node.NodeIdentity;
import io.skerry.cloud.node.NodeStatuses;
import io.skerry.cloud.node.Presence;
import io.skerry.cloud.web.Answers;
import io.skerry.cloud.web.Bodies;
import io.skerry.cloud.web.Endpoint;
import io.skerry.spec.Wire;
import io.skerry.spec.status.DeviceStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** {@code PUT status}: what a device says of itself. */
public final class StatusReports implements Endpoint {
    private static final int MOST_BYTES = 256 * 1024;

    private final ClientCertificates certificates;
    private final NodeStatuses statuses;
    private final Presence presence;

    public StatusReports(ClientCertificates certificates, NodeStatuses statuses, Presence presence) {
        this.certificates = certificates;
        this.statuses = statuses;
        this.presence = presence;
    }

    @Override
    public void answer(Request request, Response response, Callback callback) {
        NodeIdentity node = certificates.device(request);
        presence.heard(node.nodeId());
        DeviceStatus status = Wire.read(DeviceStatus.JSON, Bodies.read(request, MOST_BYTES), "The device's status");
        statuses.reported(node.nodeId(), status);
        Answers.empty(response, callback, 204);
    }
}
