package io.skerry.device.identity;

import io.skerry.content.files.DurableFiles;
import io.skerry.content.tls.Pem;
import io.skerry.content.tls.TlsKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Optional;

/** The P-256 key that was made on this device, before it has a certificate. */
record DeviceKey(PrivateKey privateKey, PublicKey publicKey) {
    /** The key in this data folder; made when there is none, so that a repeated enrolment goes on with the same one. */
    static DeviceKey loadOrMake(Path data) {
        Path folder = FileIdentity.folder(data);
        Path file = folder.resolve("key.pem");
        Optional<String> text = FileIdentity.read(file);
        if (text.isPresent()) {
            return new DeviceKey(Pem.privateKey(text.get(), "EC"), Pem.publicKey(text.get(), "EC"));
        }
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw DurableFiles.failed("make", folder, e);
        }
        KeyPair pair = TlsKeys.generate();
        String both = Pem.write(pair.getPrivate())
                + Pem.write("PUBLIC KEY", pair.getPublic().getEncoded());
        DurableFiles.write(file, both.getBytes(StandardCharsets.US_ASCII), 0600);
        return new DeviceKey(pair.getPrivate(), pair.getPublic());
    }

    @Override
    public String toString() {
        return "DeviceKey[]";
    }
}
