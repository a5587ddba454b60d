package io.skerry.device;

import io.skerry.content.tls.Pem;
import io.skerry.content.tls.TlsIdentity;
import io.skerry.content.tls.TlsKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** A certificate authority for tests, by the {@code openssl} program. */
public final class TestAuthority {
    private final Path folder;
    private int made;

    public TestAuthority(Path folder, String name) throws IOException, InterruptedException {
        this.folder = Files.createDirectories(folder);
        KeyPair pair = TlsKeys.generate();
        write("ca.key", Pem.write(pair.getPrivate()));
        openssl(
                "req",
                "-x509",
                "-new",
                "-key",
                "ca.key",
                "-subj",
                "/CN=" + name,
                "-days",
                "3650",
                "-out",
                "ca.pem",
                "-addext",
                "basicConstraints=critical,CA:TRUE",
                "-addext",
                "keyUsage=critical,keyCertSign,cRLSign");
    }

    public X509Certificate certificate() throws IOException {
        return Pem.certificates(Files.readString(folder.resolve("ca.pem"))).getFirst();
    }

    /** A server's identity for these names such as {@code IP:127.0.0.1}; the authority's certificate is in its chain. */
    public TlsIdentity server(String names, String... dates) throws IOException, InterruptedException {
        KeyPair pair = TlsKeys.generate();
        String key = Pem.write(pair.getPrivate());
        write("server.key", key);
        openssl("req", "-new", "-key", "server.key", "-subj", "/CN=server", "-out", "server.csr");
        return new TlsIdentity(
                pair.getPrivate(),
                List.of(signed("server.csr", "serverAuth", "subjectAltName=" + names, dates), certificate()));
    }

    /** A device's certificate for this request, PEM. */
    public String device(String csr, String... dates) throws IOException, InterruptedException {
        write("device.csr", csr);
        return Pem.write(List.of(signed("device.csr", "clientAuth", "subjectAltName=DNS:device", dates)));
    }

    private X509Certificate signed(String csr, String use, String names, String... dates)
            throws IOException, InterruptedException {
        made++;
        write("ext", "extendedKeyUsage=" + use + "\n" + names + "\nbasicConstraints=CA:FALSE\n");
        write("index.txt", "");
        write("index.txt.attr", "unique_subject = no\n");
        write("serial", "%04d\n".formatted(1000 + made));
        write("ca.cnf", """
                [ca]
                default_ca = d
                [d]
                dir = %s
                database = %s/index.txt
                new_certs_dir = %s
                serial = %s/serial
                certificate = %s/ca.pem
                private_key = %s/ca.key
                default_md = sha256
                policy = p
                [p]
                commonName = supplied
                """.formatted(folder, folder, folder, folder, folder, folder));
        List<String> arguments = new ArrayList<>(List.of(
                "ca", "-batch", "-notext", "-config", "ca.cnf", "-in", csr, "-out", "out.pem", "-extfile", "ext"));
        if (dates.length == 2) {
            arguments.addAll(List.of("-startdate", dates[0], "-enddate", dates[1]));
        } else {
            arguments.addAll(List.of("-days", "365"));
        }
        openssl(arguments.toArray(String[]::new));
        return Pem.certificates(Files.readString(folder.resolve("out.pem"))).getFirst();
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text);
    }

    private void openssl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", command) + ": " + said);
        }
    }
}
