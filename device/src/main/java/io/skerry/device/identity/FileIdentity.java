package io.skerry.device.identity;

import io.skerry.content.files.DurableFiles;
import io.skerry.content.signing.TrustedKeys;
import io.skerry.content.tls.CertificateSigningRequest;
import io.skerry.content.tls.Pem;
import io.skerry.content.tls.TlsIdentity;
import io.skerry.spec.Problem;
import io.skerry.spec.Wire;
import io.skerry.spec.wire.EnrolResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * An identity in files: {@code <data>/identity/{key.pem,certificate.pem,authority.pem,membership.json}}. The membership is
 * written last: without it the device isn't enrolled, whatever else is there.
 */
public final class FileIdentity implements DeviceIdentity {
    private static final String MEMBERSHIP = "membership.json";

    private final Path folder;
    private final Membership membership;
    private final X509Certificate authority;
    private volatile TlsIdentity tls;

    private FileIdentity(Path folder, Membership membership, X509Certificate authority, TlsIdentity tls) {
        this.folder = folder;
        this.membership = membership;
        this.authority = authority;
        this.tls = tls;
    }

    /** Whether a device with this data folder is enrolled, however much of its identity can still be read. */
    public static boolean isIn(Path data) {
        Path folder = folder(data);
        return !Files.notExists(folder.resolve(MEMBERSHIP), LinkOption.NOFOLLOW_LINKS)
                || Files.isRegularFile(folder, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * The identity in this data folder, if the device is enrolled.
     *
     * @throws io.skerry.spec.ProblemException {@code identity.unreadable}, {@code pem.malformed}, {@code json.malformed}, {@code
     *     signature.key-malformed}
     */
    public static Optional<FileIdentity> load(Path data) {
        Path folder = folder(data);
        return read(folder.resolve(MEMBERSHIP)).map(json -> {
            Membership membership =
                    Wire.read(Membership.JSON, json.getBytes(StandardCharsets.UTF_8), "The device's membership");
            TrustedKeys.pinned(membership.customer(), membership.root());
            List<X509Certificate> chain = Pem.certificates(required(folder.resolve("certificate.pem")));
            TlsIdentity tls = new TlsIdentity(Pem.privateKey(required(folder.resolve("key.pem")), "EC"), chain);
            return new FileIdentity(
                    folder,
                    membership,
                    Pem.certificates(required(folder.resolve("authority.pem"))).getFirst(),
                    tls);
        });
    }

    /** Keeps what enrolment brought. */
    static FileIdentity store(Path data, DeviceKey key, URI cloud, EnrolResponse answer) {
        Path folder = folder(data);
        List<X509Certificate> chain = Pem.certificates(answer.certificate());
        requireKey(chain.getFirst(), key.publicKey());
        X509Certificate authority = Pem.certificates(answer.authority()).getFirst();
        Membership membership =
                new Membership(answer.customer(), answer.node(), answer.name(), answer.root(), cloud.toString());
        write(folder.resolve("certificate.pem"), Pem.write(chain));
        write(folder.resolve("authority.pem"), Pem.write(List.of(authority)));
        DurableFiles.write(folder.resolve(MEMBERSHIP), Membership.JSON.toJsonBytes(membership), 0600);
        return new FileIdentity(folder, membership, authority, new TlsIdentity(key.privateKey(), chain));
    }

    @Override
    public Membership membership() {
        return membership;
    }

    @Override
    public TlsIdentity tls() {
        return tls;
    }

    @Override
    public X509Certificate authority() {
        return authority;
    }

    @Override
    public String signingRequest() {
        TlsIdentity now = tls;
        return CertificateSigningRequest.create(
                now.key(), now.chain().getFirst().getPublicKey(), membership.node());
    }

    @Override
    public void renew(String pem) {
        List<X509Certificate> chain = Pem.certificates(pem);
        TlsIdentity old = tls;
        requireKey(chain.getFirst(), old.chain().getFirst().getPublicKey());
        write(folder.resolve("certificate.pem"), Pem.write(chain));
        tls = new TlsIdentity(old.key(), chain);
    }

    /** Where the identity of a device with this data folder is. */
    public static Path folder(Path data) {
        return data.resolve("identity");
    }

    static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file, StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new Problem("identity.unreadable", file + " can't be read: " + e.getMessage() + ".").asException(e);
        }
    }

    private static String required(Path file) {
        return read(file)
                .orElseThrow(() -> new Problem(
                                "identity.unreadable",
                                file + " is missing, though the device is enrolled.",
                                "Restore it from a backup, or remove the identity folder and enrol the device again.")
                        .asException());
    }

    private static void write(Path file, String text) {
        DurableFiles.write(file, text.getBytes(StandardCharsets.UTF_8), 0600);
    }

    private static void requireKey(X509Certificate certificate, PublicKey key) {
        if (!certificate.getPublicKey().equals(key)) {
            throw new Problem(
                            "identity.certificate-other",
                            "The cloud sent a certificate that is not for this device's key.",
                            "Try again; if it stays so, look at the cloud's log.")
                    .asException();
        }
    }
}
