package io.skerry.cloud.authority;

import io.skerry.content.files.DurableFiles;
import io.skerry.content.tls.Pem;
import io.skerry.content.tls.TlsIdentity;
import io.skerry.content.tls.TlsKeys;
import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** The installation's own authority: a P-256 key in the data folder, made at the first start. */
public final class CertificateAuthority {
    private static final String REPLICA = "Skerry replica";
    private static final Duration LIFE = Duration.ofDays(20 * 365L);
    /** A device's clock may be behind ours. */
    private static final Duration BACKDATED = Duration.ofHours(24);

    private final PrivateKey key;
    private final X509Certificate certificate;
    private final InstantSource time;
    private final SecureRandom random;

    private CertificateAuthority(PrivateKey key, X509Certificate certificate, InstantSource time, SecureRandom random) {
        this.key = key;
        this.certificate = certificate;
        this.time = time;
        this.random = random;
    }

    /**
     * The authority of this folder, made when there is none.
     *
     * @throws io.skerry.spec.ProblemException {@code authority.unreadable}
     */
    public static CertificateAuthority open(Path folder, InstantSource time, SecureRandom random) {
        Path file = folder.resolve("authority.pem");
        if (!Files.exists(file)) {
            DurableFiles.write(file, make(time, random).getBytes(StandardCharsets.US_ASCII), 0600);
        }
        try {
            String text = Files.readString(file, StandardCharsets.US_ASCII);
            return new CertificateAuthority(
                    Pem.privateKey(text, "EC"), Pem.certificates(text).getFirst(), time, random);
        } catch (IOException e) {
            throw new Problem(
                            "authority.unreadable",
                            "The certificate authority in " + file + " can't be read.",
                            "Restore the file from a backup: devices know the control plane by it.")
                    .asException(e);
        }
    }

    private static String make(InstantSource time, SecureRandom random) {
        KeyPair pair = TlsKeys.generate();
        X500Name name = name(
                "Skerry authority " + Digest.of(pair.getPublic().getEncoded()).brief());
        Instant now = time.instant();
        var builder = new JcaX509v3CertificateBuilder(
                name,
                serial(random),
                Date.from(now.minus(BACKDATED)),
                Date.from(now.plus(LIFE)),
                name,
                pair.getPublic());
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
            return Pem.write(pair.getPrivate()) + Pem.write(List.of(sign(builder, pair.getPrivate())));
        } catch (CertIOException | GeneralSecurityException e) {
            throw new IllegalStateException("a certificate of constant form can be made", e);
        }
    }

    /** The certificate by which devices know the cloud. */
    public X509Certificate certificate() {
        return certificate;
    }

    /** The SHA-256 of the certificate's DER form, 64 hex digits, as claim tokens carry it. */
    public String fingerprint() {
        try {
            return Digest.of(certificate.getEncoded()).hex();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read can be written", e);
        }
    }

    /**
     * A new key with a certificate for a server of these names and addresses.
     *
     * @throws io.skerry.spec.ProblemException {@code host.malformed}
     */
    public TlsIdentity server(Collection<String> hosts, Duration life) {
        var names = HostNames.of(hosts);
        KeyPair pair = TlsKeys.generate();
        return new TlsIdentity(
                pair.getPrivate(),
                List.of(
                        issue(
                                "Skerry",
                                pair.getPublic(),
                                life,
                                KeyPurposeId.id_kp_serverAuth,
                                b -> b.addExtension(Extension.subjectAlternativeName, false, names)),
                        certificate));
    }

    /** A certificate for a device's key; its common name is the node's id. */
    public X509Certificate device(String nodeId, PublicKey publicKey, Duration life) {
        return issue(nodeId, publicKey, life, KeyPurposeId.id_kp_clientAuth, b -> {});
    }

    /** A certificate by which one of the control plane's processes shows itself to another. */
    public X509Certificate replica(PublicKey publicKey, Duration life) {
        return issue(REPLICA, publicKey, life, KeyPurposeId.id_kp_clientAuth, b -> {});
    }

    /** Whether it is such a certificate, if this authority {@linkplain #issued issued} it. No node has an id like that. */
    public static boolean isReplicas(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName().equals("CN=" + REPLICA);
    }

    /** Whether this authority signed the certificate; its dates aren't looked at. */
    public boolean issued(X509Certificate other) {
        if (!other.getIssuerX500Principal().equals(certificate.getSubjectX500Principal())) {
            return false;
        }
        try {
            other.verify(certificate.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            // A signature by another key, or none that can be read: not ours.
            return false;
        }
    }

    private X509Certificate issue(
            String commonName, PublicKey publicKey, Duration life, KeyPurposeId purpose, Extensions more) {
        Instant now = time.instant();
        var builder = new JcaX509v3CertificateBuilder(
                certificate,
                serial(random),
                Date.from(now.minus(BACKDATED)),
                Date.from(now.plus(life)),
                new javax.security.auth.x500.X500Principal("CN=" + commonName),
                publicKey);
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(certificate.getPublicKey()));
            more.add(builder);
            return sign(builder, key);
        } catch (CertIOException | GeneralSecurityException e) {
            throw new IllegalStateException("a certificate of constant form can be made", e);
        }
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException {
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException(e);
        }
    }

    private static X500Name name(String commonName) {
        return new X500NameBuilder().addRDN(BCStyle.CN, commonName).build();
    }

    private static BigInteger serial(SecureRandom random) {
        return new BigInteger(127, random).setBit(126);
    }

    /** What one kind of certificate has besides. */
    private interface Extensions {
        void add(X509v3CertificateBuilder builder) throws CertIOException;
    }
}
