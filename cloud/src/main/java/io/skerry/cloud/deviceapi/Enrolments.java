package io.skerry.cloud.deviceapi;

import io.skerry.cloud.authority.CertificateAuthority;
import io.skerry.cloud.authority.SigningRequests;
import io.skerry.cloud.node.Enrolment;
import io.skerry.cloud.signing.FolderKeys;
import io.skerry.cloud.storage.Ids;
import io.skerry.cloud.web.Answers;
import io.skerry.cloud.web.Bodies;
import io.skerry.cloud.web.Endpoint;
import io.skerry.cloud.web.HttpProblem;
import io.skerry.content.tls.Pem;
import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Wire;
import io.skerry.spec.wire.CertificateRequest;
import io.skerry.spec.wire.CertificateResponse;
import io.skerry.spec.wire.EnrolRequest;
import io.skerry.spec.wire.EnrolResponse;
import io.skerry.spec.wire.Messages;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST enrol} and {@code POST certificate}: how devices come by their certificates. */
public final class Enrolments {
    private static final Logger LOG = LoggerFactory.getLogger(Enrolments.class);
    private static final int MOST_BYTES = 64 * 1024;

    private final Enrolment enrolment;
    private final CertificateAuthority authority;
    private final ClientCertificates certificates;
    private final FolderKeys signingKeys;
    private final Ids ids;
    private final Duration life;

    /** @param life of a device's certificate */
    public Enrolments(
            Enrolment enrolment,
            CertificateAuthority authority,
            ClientCertificates certificates,
            FolderKeys signingKeys,
            Ids ids,
            Duration life) {
        this.enrolment = enrolment;
        this.authority = authority;
        this.certificates = certificates;
        this.signingKeys = signingKeys;
        this.ids = ids;
        this.life = life;
    }

    /** Makes a node of a device that has a claim token. */
    public Endpoint enrol() {
        return this::enrol;
    }

    /** Gives a node a new certificate for the key that it has. */
    public Endpoint renew() {
        return this::renew;
    }

    private void enrol(Request request, Response response, Callback callback) {
        EnrolRequest asked =
                Wire.read(Messages.ENROL_REQUEST, Bodies.read(request, MOST_BYTES), "The enrolment request");
        PublicKey key = SigningRequests.key(asked.csr());
        Enrolment.Enrolled node = enrolled(asked, key);
        LOG.info("Node {} ({}) enrolled.", node.nodeId(), node.name());
        var answer = new EnrolResponse(
                node.customerId(),
                node.nodeId(),
                node.name(),
                certificate(node.nodeId(), key),
                Pem.write(List.of(authority.certificate())),
                signingKeys.root(node.customerId()));
        Answers.body(response, callback, 200, Answers.JSON, Messages.ENROL_RESPONSE.toJsonBytes(answer));
    }

    private Enrolment.Enrolled enrolled(EnrolRequest asked, PublicKey key) {
        try {
            return enrolment.enrol(new Enrolment.NewNode(
                    ids.next(), asked.claimToken(), fingerprint(key), asked.name(), asked.capabilities()));
        } catch (ProblemException e) {
            if (e.code().startsWith("claim-token.") || e.code().startsWith("node.")) {
                throw new HttpProblem(403, e.problem());
            }
            throw e;
        }
    }

    private void renew(Request request, Response response, Callback callback) {
        ClientCertificates.Shown shown = certificates.forRenewal(request);
        CertificateRequest asked =
                Wire.read(Messages.CERTIFICATE_REQUEST, Bodies.read(request, MOST_BYTES), "The certificate request");
        PublicKey key = SigningRequests.key(asked.csr());
        if (!fingerprint(key).equals(shown.fingerprint())) {
            throw new Problem(
                            "csr.key-other",
                            "The certificate signing request is for another key than the certificate that was shown.",
                            "Make it for the device's own key.")
                    .asException();
        }
        Answers.body(
                response,
                callback,
                200,
                Answers.JSON,
                Messages.CERTIFICATE_RESPONSE.toJsonBytes(
                        new CertificateResponse(certificate(shown.node().nodeId(), key))));
    }

    private String certificate(String nodeId, PublicKey key) {
        return Pem.write(List.of(authority.device(nodeId, key, life)));
    }

    private static String fingerprint(PublicKey key) {
        return Digest.of(key.getEncoded()).hex();
    }
}
