package io.skerry.device.identity;

import io.skerry.content.tls.CertificateSigningRequest;
import io.skerry.content.tls.Pem;
import io.skerry.content.tls.TlsContexts;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import io.skerry.spec.Wire;
import io.skerry.spec.status.Capabilities;
import io.skerry.spec.wire.ClaimToken;
import io.skerry.spec.wire.EnrolRequest;
import io.skerry.spec.wire.EnrolResponse;
import io.skerry.spec.wire.Messages;
import io.skerry.spec.wire.Paths;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Makes a device a member of a customer's fleet: a claim token in, an identity out. */
public final class Enrolment {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int MOST_BYTES = 256 << 10;

    private final Path data;
    private final TrustedTime time;

    public Enrolment(Path data, TrustedTime time) {
        this.data = data;
        this.time = time;
    }

    /**
     * Enrols this device. The key is made here and stays here.
     *
     * @param cloud https, host and port of the cloud's device endpoint; its host name is checked
     * @throws ProblemException {@code enrol.already}, {@code enrol.unreachable}, {@code enrol.authority-other}, or what the
     *     cloud said; the device is as it was then
     */
    public DeviceIdentity enrol(URI cloud, ClaimToken token, String name, Capabilities capabilities) {
        FileIdentity.load(data).ifPresent(i -> {
            throw new Problem(
                            "enrol.already",
                            "This device is enrolled already, as "
                                    + i.membership().name() + " ("
                                    + i.membership().node() + ") at "
                                    + i.membership().cloud() + ".",
                            "To enrol it anew, stop its daemon and remove the folder " + FileIdentity.folder(data)
                                    + ".")
                    .asException();
        });
        DeviceKey key = DeviceKey.loadOrMake(data);
        String csr = CertificateSigningRequest.create(key.privateKey(), key.publicKey(), name);
        EnrolResponse answer = ask(cloud, token, new EnrolRequest(token.secret(), csr, name, capabilities));
        requireAuthority(token, answer);
        return FileIdentity.store(data, key, cloud, answer);
    }

    private EnrolResponse ask(URI cloud, ClaimToken token, EnrolRequest body) {
        SSLContext tls = TlsContexts.trusting(new ClaimTrust(token.authorityFingerprint(), time::proven));
        HttpRequest request = HttpRequest.newBuilder(cloud.resolve(Paths.ENROL))
                .timeout(LIMIT)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Messages.ENROL_REQUEST.toJsonBytes(body)))
                .build();
        try (HttpClient client = HttpClient.newBuilder()
                .sslContext(tls)
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(15))
                .build()) {
            HttpResponse<byte[]> response =
                    client.send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES));
            if (response.statusCode() != 200 && response.statusCode() != 201) {
                throw refused(cloud, response);
            }
            noteTime(response);
            return Wire.read(Messages.ENROL_RESPONSE, response.body(), "The cloud's answer to the enrolment");
        } catch (SSLException e) {
            throw new Problem(
                            "enrol.untrusted",
                            "The server at " + cloud + " is not the cloud that the claim token names: "
                                    + Text.shortened(innermost(e), 200) + ".",
                            "Check the address, and that the token was made by this cloud.")
                    .asException(e);
        } catch (IOException e) {
            String why = e instanceof ConnectException
                    ? "no connection"
                    : Text.shortened(String.valueOf(e.getMessage()), 120);
            throw new Problem(
                            "enrol.unreachable",
                            "The cloud at " + cloud + " can't be reached: " + why + ".",
                            "Check the address and the network.")
                    .asException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem("enrol.interrupted", "The enrolment was interrupted.").asException(e);
        }
    }

    private static ProblemException refused(URI cloud, HttpResponse<byte[]> response) {
        try {
            return Wire.read(Messages.PROBLEM, response.body(), "The cloud's refusal")
                    .asException();
        } catch (ProblemException e) {
            return new Problem(
                            "enrol.refused",
                            "The cloud at " + cloud + " answered the enrolment with HTTP status "
                                    + response.statusCode() + ".",
                            "Check that the address is that of the devices' port.")
                    .asException(e);
        }
    }

    private void noteTime(HttpResponse<byte[]> response) {
        CloudDate.of(response.headers())
                .ifPresent(told -> certificateEnd(response).ifPresent(end -> time.told(told, end)));
    }

    private static Optional<Instant> certificateEnd(HttpResponse<?> response) {
        return response.sslSession().flatMap(session -> {
            try {
                return session.getPeerCertificates()[0] instanceof X509Certificate certificate
                        ? Optional.of(certificate.getNotAfter().toInstant())
                        : Optional.empty();
            } catch (SSLPeerUnverifiedException e) {
                throw new IllegalStateException("an answer came over a connection whose peer wasn't verified", e);
            }
        });
    }

    private void requireAuthority(ClaimToken token, EnrolResponse answer) {
        X509Certificate authority = Pem.certificates(answer.authority()).getFirst();
        try {
            if (new ClaimTrust(token.authorityFingerprint(), time::proven).is(authority)) {
                return;
            }
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read can be written", e);
        }
        throw new Problem(
                        "enrol.authority-other",
                        "The cloud sent another certificate authority than the claim token names.",
                        "Look at the cloud's log; the device was not enrolled.")
                .asException();
    }

    private static String innermost(Throwable e) {
        Throwable t = e;
        while (t.getCause() != null) {
            t = t.getCause();
        }
        return String.valueOf(t.getMessage());
    }
}
