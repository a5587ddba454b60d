package io.skerry.content.signing;

import io.skerry.content.files.DurableFiles;
import io.skerry.content.tls.Pem;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Base64;

/** An Ed25519 key pair that signs. Its file has both halves, PEM: PKCS#8 and SubjectPublicKeyInfo. */
public final class SigningKey implements Signer {
    private final PrivateKey key;
    private final VerifyingKey verifying;

    private SigningKey(PrivateKey key, VerifyingKey verifying) {
        this.key = key;
        this.verifying = verifying;
    }

    public static SigningKey generate() {
        try {
            return of(KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has Ed25519", e);
        }
    }

    /** @throws ProblemException {@code signature.key-malformed} when the file isn't such a key or can't be read */
    public static SigningKey load(Path file) {
        try {
            String text = Files.readString(file, StandardCharsets.US_ASCII);
            PrivateKey key = Pem.privateKey(text, "Ed25519");
            return new SigningKey(key, VerifyingKey.of(Pem.publicKey(text, "Ed25519")));
        } catch (IOException e) {
            throw new Problem("signature.key-malformed", "The signing key in " + file + " can't be read.")
                    .asException(e);
        }
    }

    /** Writes the file, for its owner's eyes only. */
    public void save(Path file) {
        String text = Pem.write("PRIVATE KEY", key.getEncoded())
                + Pem.write("PUBLIC KEY", Base64.getDecoder().decode(verifying.encoded()));
        DurableFiles.write(file, text.getBytes(StandardCharsets.US_ASCII), 0600);
    }

    @Override
    public String keyId() {
        return verifying.keyId();
    }

    /** The half that may be shown. */
    public VerifyingKey verifyingKey() {
        return verifying;
    }

    @Override
    public byte[] sign(byte[] message) {
        try {
            Signature signer = Signature.getInstance("Ed25519");
            signer.initSign(key);
            signer.update(message);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("an Ed25519 key signs any bytes", e);
        }
    }

    @Override
    public String toString() {
        return "SigningKey[" + keyId() + "]";
    }

    private static SigningKey of(KeyPair pair) {
        return new SigningKey(pair.getPrivate(), VerifyingKey.of(pair.getPublic()));
    }
}
