package io.skerry.cli.api;

import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Finds the certificate that a fingerprint names among those that a cloud presents. */
public final class Fingerprints {
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");

    private Fingerprints() {}

    /**
     * Connects once, sends nothing, and gives the certificate (PEM) to be pinned; every later connection is then checked
     * against it as against any certificate authority.
     *
     * @param fingerprint SHA-256 of the certificate's DER form in hex, with or without colons
     * @throws io.skerry.spec.ProblemException {@code usage.fingerprint}, {@code cloud.unreachable}, or {@code
     *     cloud.fingerprint-unknown} when the cloud presents no such certificate
     */
    public static String certificateOf(Endpoint endpoint, String fingerprint) {
        String wanted = fingerprint
                .strip()
                .toLowerCase(Locale.ROOT)
                .replaceFirst("^sha256:", "")
                .replace(":", "");
        if (!FORM.matcher(wanted).matches() || !endpoint.base().getScheme().equals("https")) {
            throw new Problem(
                            "usage.fingerprint",
                            "--fingerprint needs the SHA-256 of a certificate and an https address.",
                            "Write 64 hexadecimal digits, with or without colons.")
                    .asException();
        }
        List<X509Certificate> chain = presented(endpoint);
        return chain.stream()
                .filter(c -> of(c).equals(wanted))
                .findFirst()
                .map(Trust::pem)
                .orElseThrow(() -> new Problem(
                                "cloud.fingerprint-unknown",
                                endpoint + " presents no certificate with this fingerprint; it presents "
                                        + chain.stream().map(Fingerprints::of).collect(Collectors.joining(" and "))
                                        + ".",
                                "Compare with what the cloud's operator told you; if it differs, don't log in. Or give the"
                                        + " certificate authority by --ca-file.")
                        .asException());
    }

    static String of(X509Certificate certificate) {
        try {
            return Digest.of(certificate.getEncoded()).hex();
        } catch (CertificateException e) {
            throw new IllegalStateException("a certificate that was read can be written", e);
        }
    }

    private static List<X509Certificate> presented(Endpoint endpoint) {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Collector(chain)}, null);
            try (Socket plain = new Socket()) {
                plain.connect(new InetSocketAddress(endpoint.base().getHost(), endpoint.port()), TIMEOUT_MILLIS);
                plain.setSoTimeout(TIMEOUT_MILLIS);
                try (SSLSocket tls = (SSLSocket) context.getSocketFactory()
                        .createSocket(plain, endpoint.base().getHost(), endpoint.port(), true)) {
                    tls.startHandshake();
                }
            }
        } catch (IOException e) {
            if (chain.isEmpty()) {
                throw Unreachable.problem(endpoint, e).asException(e);
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has TLS", e);
        }
        return chain;
    }

    /** Notes the chain and trusts nobody: the handshake ends there, and nothing has been sent. */
    private static final class Collector extends X509ExtendedTrustManager {
        private final List<X509Certificate> chain;

        Collector(List<X509Certificate> chain) {
            this.chain = chain;
        }

        private void seen(X509Certificate[] presented) throws CertificateException {
            chain.addAll(List.of(presented));
            throw new CertificateException("only looked at");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] presented, String type) throws CertificateException {
            seen(presented);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] presented, String type, Socket socket)
                throws CertificateException {
            seen(presented);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] presented, String type, SSLEngine engine)
                throws CertificateException {
            seen(presented);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] presented, String type) throws CertificateException {
            throw new CertificateException("no client is checked here");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] presented, String type, Socket socket)
                throws CertificateException {
            throw new CertificateException("no client is checked here");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] presented, String type, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("no client is checked here");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
