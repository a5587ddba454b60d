package io.skerry.cloud.web;

import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.X509ExtendedKeyManager;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;

/** The operators' and the devices' port. */
public final class Ports implements AutoCloseable {
    private final SecurePort operators;
    private final SecurePort devices;
    private final DeviceTrust trust;
    private final ServerWebSocketContainer webSockets;
    private final ServerWebSocketContainer operatorsWebSockets;
    private final WebLimits limits;

    /**
     * @param keys show the servers' certificate
     * @param authority signed the devices' certificates
     */
    public Ports(
            Listener operators,
            Listener devices,
            WebLimits limits,
            X509ExtendedKeyManager keys,
            X509Certificate authority) {
        this.limits = limits;
        this.operators = SecurePort.forOperators(operators, limits, keys);
        trust = new DeviceTrust(authority);
        this.devices = SecurePort.forDevices(devices, limits, keys, trust);
        webSockets = ServerWebSocketContainer.ensure(this.devices.server());
        operatorsWebSockets = ServerWebSocketContainer.ensure(this.operators.server());
    }

    /** Upgrades requests of the devices' port to WebSockets. */
    public ServerWebSocketContainer webSockets() {
        return webSockets;
    }

    /** Upgrades requests of the operators' port to WebSockets. */
    public ServerWebSocketContainer operatorsWebSockets() {
        return operatorsWebSockets;
    }

    /**
     * Begins to listen and to answer.
     *
     * @param quick takes what it can of the devices' requests before their routes do
     * @throws io.skerry.spec.ProblemException {@code port.in-use}, {@code port.unavailable}; then nothing is left listening
     */
    public void start(List<Route> forOperators, Quick quick, List<Route> forDevices) {
        devices.start(new Router(quick, forDevices, new BoundedThreads("device-request", limits.requests())));
        try {
            operators.start(
                    new Router(Quick.NONE, forOperators, new BoundedThreads("operator-request", limits.requests())));
        } catch (RuntimeException e) {
            devices.close();
            throw e;
        }
    }

    /** The operators' port in use. */
    public int operatorsPort() {
        return operators.port();
    }

    /** The devices' port in use. */
    public int devicesPort() {
        return devices.port();
    }

    /** How many devices' handshakes weren't resumed ones, since the start. */
    public long fullDeviceHandshakes() {
        return trust.fullHandshakes();
    }

    @Override
    public void close() {
        try {
            operators.close();
        } finally {
            devices.close();
        }
    }
}
