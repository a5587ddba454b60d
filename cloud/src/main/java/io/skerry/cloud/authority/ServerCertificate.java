package io.skerry.cloud.authority;

import io.skerry.content.files.DurableFiles;
import io.skerry.content.tls.Pem;
import io.skerry.content.tls.ReloadableKeyManager;
import io.skerry.content.tls.TlsIdentity;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate that both ports show: kept in the data folder, made anew when it nears its end or the names by which the
 * control plane is reached have changed.
 */
public final class ServerCertificate {
    private static final Logger LOG = LoggerFactory.getLogger(ServerCertificate.class);
    private static final Duration LIFE = Duration.ofDays(90);
    private static final Duration RENEWED_BEFORE_END = Duration.ofDays(30);

    private final CertificateAuthority authority;
    private final Path file;
    private final Path hostsFile;
    private final List<String> hosts;
    private final InstantSource time;
    private final ReloadableKeyManager keys;

    /** @throws ProblemException {@code host.malformed} */
    public ServerCertificate(CertificateAuthority authority, Path folder, List<String> hosts, InstantSource time) {
        this.authority = authority;
        this.file = folder.resolve("server.pem");
        this.hostsFile = folder.resolve("server.hosts");
        this.hosts = List.copyOf(new TreeSet<>(hosts));
        this.time = time;
        keys = new ReloadableKeyManager(read().filter(this::good).orElseGet(this::make));
    }

    /** Shows the newest certificate in every handshake. */
    public ReloadableKeyManager keys() {
        return keys;
    }

    /** Makes a new one if the present one nears its end; called now and then. */
    public void renewWhenDue() {
        if (!good(keys.identity())) {
            keys.replace(make());
            LOG.info("The servers' certificate was renewed.");
        }
    }

    private boolean good(TlsIdentity identity) {
        X509Certificate certificate = identity.chain().getFirst();
        return authority.issued(certificate)
                && certificate.getNotAfter().toInstant().isAfter(time.instant().plus(RENEWED_BEFORE_END));
    }

    private TlsIdentity make() {
        TlsIdentity identity = authority.server(hosts, LIFE);
        String text = Pem.write(identity.key()) + Pem.write(identity.chain());
        DurableFiles.delete(hostsFile);
        DurableFiles.write(file, text.getBytes(StandardCharsets.US_ASCII), 0600);
        DurableFiles.write(hostsFile, String.join("\n", hosts).getBytes(StandardCharsets.UTF_8), 0600);
        return identity;
    }

    private Optional<TlsIdentity> read() {
        try {
            if (!Files.exists(hostsFile)
                    || !Files.readString(hostsFile).equals(String.join("\n", hosts))
                    || !Files.exists(file)) {
                return Optional.empty();
            }
            String text = Files.readString(file, StandardCharsets.US_ASCII);
            return Optional.of(new TlsIdentity(Pem.privateKey(text, "EC"), Pem.certificates(text)));
        } catch (IOException | ProblemException e) {
            LOG.warn("The servers' certificate in {} can't be read and is made anew.", file, e);
            return Optional.empty();
        }
    }
}
