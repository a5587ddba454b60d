package io.skerry.cloud.egress;

import io.skerry.spec.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Certificate authorities that the cloud believes when it calls a registry or a webhook's receiver. */
public final class TrustedAuthorities {
    private static final long LARGEST_FILE = 1 << 20;

    private final KeyStore keyStore;

    private TrustedAuthorities(KeyStore keyStore) {
        this.keyStore = keyStore;
    }

    /**
     * Those of the Java platform and each in a {@code *.pem} or {@code *.crt} file of the folder, which need not exist.
     *
     * @throws io.skerry.spec.ProblemException {@code registry-ca.malformed}, naming the file
     */
    public static TrustedAuthorities systemAnd(Path folder) {
        try {
            return systemAnd(in(folder));
        } catch (CertificateException | IOException e) {
            throw new IllegalStateException("the certificate authorities can't be put together", e);
        }
    }

    /** Those of the Java platform alone. */
    public static TrustedAuthorities system() {
        return systemAnd(List.of());
    }

    /**
     * Those of the Java platform and those in one file.
     *
     * @throws io.skerry.spec.ProblemException {@code registry-ca.malformed}, also when there is no such file
     */
    public static TrustedAuthorities systemAndFile(Path file) {
        try {
            return systemAnd(in(file, CertificateFactory.getInstance("X.509")));
        } catch (CertificateException | IOException e) {
            throw malformed(file).asException(e);
        }
    }

    private static TrustedAuthorities systemAnd(List<X509Certificate> more) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            List<X509Certificate> all = new ArrayList<>(ofPlatform());
            all.addAll(more);
            for (int i = 0; i < all.size(); i++) {
                store.setCertificateEntry("authority-" + i, all.get(i));
            }
            return new TrustedAuthorities(store);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the certificate authorities can't be put together", e);
        }
    }

    private static List<X509Certificate> ofPlatform() throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        List<X509Certificate> all = new ArrayList<>();
        for (var manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                all.addAll(List.of(x509.getAcceptedIssuers()));
            }
        }
        return all;
    }

    private static List<X509Certificate> in(Path folder) throws IOException, CertificateException {
        List<X509Certificate> all = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return all;
        }
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.{pem,crt}")) {
            for (Path file : files) {
                all.addAll(in(file, factory));
            }
        }
        return all;
    }

    private static List<X509Certificate> in(Path file, CertificateFactory factory) throws IOException {
        List<X509Certificate> found = new ArrayList<>();
        if (Files.size(file) <= LARGEST_FILE) {
            try (InputStream in = Files.newInputStream(file)) {
                for (Certificate certificate : factory.generateCertificates(in)) {
                    found.add((X509Certificate) certificate);
                }
            } catch (CertificateException e) {
                throw malformed(file).asException(e);
            }
        }
        if (found.isEmpty()) {
            throw malformed(file).asException();
        }
        return found;
    }

    private static Problem malformed(Path file) {
        return new Problem(
                "registry-ca.malformed",
                "The file " + file + " has no certificates that can be read.",
                "Put certificates in PEM form into it, or remove it.");
    }

    KeyStore keyStore() {
        return keyStore;
    }
}
