package io.skerry.cloud.deviceapi;

import io.skerry.cloud.authority.CertificateAuthority;
import io.skerry.cloud.node.Identities;
import io.skerry.cloud.node.NodeIdentity;
import io.skerry.cloud.web.HttpProblem;
import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import io.skerry.spec.wire.Paths;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Attributes;
import org.jspecify.annotations.Nullable;

/**
 * Which device shows its certificate: one that our authority issued, for a key that belongs to a node, within its dates. The
 * signature is checked once a connection; the key's standing with each request, from memory.
 */
public final class ClientCertificates {
    private static final String ATTRIBUTE = ClientCertificates.class.getName();

    private final CertificateAuthority authority;
    private final Identities identities;
    private final InstantSource time;
    private final Duration renewable;

    /** @param renewable how long after its end a certificate is still good for getting a new one */
    public ClientCertificates(
            CertificateAuthority authority, Identities identities, InstantSource time, Duration renewable) {
        this.authority = authority;
        this.identities = identities;
        this.time = time;
        this.renewable = renewable;
    }

    /**
     * The device that calls.
     *
     * @throws HttpProblem 401 {@code certificate.missing}; 403 {@code certificate.foreign}, {@code certificate.revoked},
     *     {@code certificate.expired}
     */
    public NodeIdentity device(Request request) {
        return judged(request, Duration.ZERO).node;
    }

    /**
     * Lets only other replicas of this control plane pass.
     *
     * @throws HttpProblem 403 {@code certificate.no-replica}
     */
    public void requireReplica(Request request) {
        if (shown(request)
                .filter(c -> c.ours && c.replica && time.instant().isBefore(c.until))
                .isEmpty()) {
            throw new HttpProblem(
                    403,
                    new Problem(
                            "certificate.no-replica",
                            "Only the control plane's own processes call here.",
                            "Devices bring their streams to " + Paths.STREAMS + "."));
        }
    }

    /** As {@link #device}, for the one call that an expired certificate is good for as well. */
    Shown forRenewal(Request request) {
        return judged(request, renewable);
    }

    private Shown judged(Request request, Duration grace) {
        Certificate shown = shown(request)
                .orElseThrow(() -> new HttpProblem(
                        401,
                        new Problem(
                                "certificate.missing",
                                "The request came without a client certificate.",
                                "Enrol the device first; from then on it shows its certificate.")));
        if (!shown.ours) {
            throw new HttpProblem(
                    403,
                    new Problem(
                            "certificate.foreign",
                            "The client certificate was issued by another authority.",
                            "Enrol the device at this control plane."));
        }
        NodeIdentity node = identities
                .byKey(shown.fingerprint)
                .orElseThrow(() -> new HttpProblem(
                        403,
                        new Problem(
                                "certificate.revoked",
                                "The client certificate belongs to a node that was removed.",
                                "Enrol the device anew, with a new data folder, if it is to come back.")));
        if (!time.instant().isBefore(shown.until.plus(grace))) {
            throw new HttpProblem(
                    403,
                    new Problem(
                            "certificate.expired",
                            "The client certificate was good until " + shown.until + ".",
                            "It can be renewed until " + shown.until.plus(renewable)
                                    + "; after that the device is to be enrolled anew."));
        }
        return new Shown(node, shown.fingerprint);
    }

    private Optional<Certificate> shown(Request request) {
        Attributes connection = request.getConnectionMetaData();
        if (connection.getAttribute(ATTRIBUTE) instanceof Certificate known) {
            return Optional.of(known);
        }
        if (!(request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE) instanceof EndPoint.SslSessionData tls)) {
            return Optional.empty();
        }
        X509Certificate @Nullable [] chain = tls.peerCertificates();
        if (chain == null || chain.length == 0) {
            return Optional.empty();
        }
        X509Certificate own = chain[0];
        var certificate = new Certificate(
                Digest.of(own.getPublicKey().getEncoded()).hex(),
                own.getNotAfter().toInstant(),
                authority.issued(own),
                CertificateAuthority.isReplicas(own));
        connection.setAttribute(ATTRIBUTE, certificate);
        return Optional.of(certificate);
    }

    /** What is remembered of a connection's certificate. */
    private record Certificate(String fingerprint, Instant until, boolean ours, boolean replica) {}

    /** A device and the fingerprint of the key that it showed. */
    record Shown(NodeIdentity node, String fingerprint) {}
}
