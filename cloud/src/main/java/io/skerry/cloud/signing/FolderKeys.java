package io.skerry.cloud.signing;

import io.skerry.cloud.desired.StateSigner;
import io.skerry.cloud.tenancy.CustomerKeys;
import io.skerry.content.signing.Dsse;
import io.skerry.content.signing.KeyCertificates;
import io.skerry.content.signing.Signer;
import io.skerry.content.signing.SigningKey;
import io.skerry.spec.desired.DesiredState;
import io.skerry.spec.desired.Documents;
import io.skerry.spec.wire.Envelope;
import io.skerry.spec.wire.KeyCertificate;
import io.skerry.spec.wire.Messages;
import io.skerry.spec.wire.SignedDesiredState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Each customer's root and signing key, Ed25519, in a folder of its own: {@code root.pem} and {@code signing.pem}.
 *
 * <p>The last few customers' keys are kept in memory.
 */
public final class FolderKeys implements CustomerKeys, StateSigner {
    private static final int MOST_IN_MEMORY = 256;

    private final Path folder;
    private final ReentrantLock lock = new ReentrantLock();

    @SuppressWarnings("serial")
    private final Map<String, Keys> newest = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Keys> eldest) {
            return size() > MOST_IN_MEMORY;
        }
    };

    /** @param folder holds a folder for each customer */
    public FolderKeys(Path folder) {
        this.folder = folder;
    }

    @Override
    public void make(String customerId) {
        Path own = folder.resolve(customerId);
        try {
            Files.createDirectories(
                    own, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new UncheckedIOException("the folder " + own + " can't be made", e);
        }
        for (String name : List.of("root.pem", "signing.pem")) {
            Path file = own.resolve(name);
            if (!Files.exists(file)) {
                SigningKey.generate().save(file);
            }
        }
        io.skerry.content.files.DurableFiles.syncDirectory(folder);
    }

    /** The customer's root as its devices pin it: the base64 DER form of the public key. */
    public String root(String customerId) {
        return keys(customerId).root;
    }

    @Override
    public byte[] sign(DesiredState state) {
        Keys keys = keys(state.head().customer());
        Envelope document =
                Dsse.sign(SignedDesiredState.PAYLOAD_TYPE, Documents.DESIRED_STATE.toJsonBytes(state), keys.signing);
        return Messages.SIGNED_DESIRED_STATE.toJsonBytes(new SignedDesiredState(document, List.of(keys.certificate)));
    }

    private Keys keys(String customerId) {
        lock.lock();
        try {
            return newest.computeIfAbsent(customerId, this::load);
        } finally {
            lock.unlock();
        }
    }

    private Keys load(String customerId) {
        SigningKey root = SigningKey.load(folder.resolve(customerId).resolve("root.pem"));
        Path file = folder.resolve(customerId).resolve("signing.pem");
        SigningKey signing = SigningKey.load(file);
        return new Keys(
                root.verifyingKey().encoded(),
                QuickSigner.load(file),
                KeyCertificates.certify(root, customerId, KeyCertificate.Use.DESIRED_STATE, signing.verifyingKey(), 1));
    }

    private record Keys(String root, Signer signing, Envelope certificate) {}
}
