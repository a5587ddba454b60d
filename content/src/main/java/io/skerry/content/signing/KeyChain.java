package io.skerry.content.signing;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import io.skerry.spec.Wire;
import io.skerry.spec.wire.Envelope;
import io.skerry.spec.wire.KeyCertificate;
import io.skerry.spec.wire.Messages;
import java.util.ArrayList;
import java.util.List;

/** One walk through key certificates, from the root that a device trusts to the keys that may sign desired states. */
final class KeyChain {
    /** One root replacement a month for twenty years. */
    private static final int MOST_CERTIFICATES = 256;

    private final String customer;
    private final List<VerifyingKey> roots = new ArrayList<>();
    private final List<VerifyingKey> desiredStateKeys = new ArrayList<>();
    private VerifyingKey root;
    private long rootGeneration;
    private long generation;

    private KeyChain(TrustedKeys trust) {
        this.customer = trust.customer();
        this.root = VerifyingKey.parse(trust.root());
        this.rootGeneration = trust.rootGeneration();
        this.roots.add(root);
    }

    static KeyChain walk(TrustedKeys trust, List<Envelope> certificates) {
        if (certificates.size() > MOST_CERTIFICATES) {
            throw new Problem(
                            "signature.malformed",
                            "A desired state came with more than " + MOST_CERTIFICATES + " key certificates.")
                    .asException();
        }
        KeyChain chain = new KeyChain(trust);
        certificates.forEach(chain::take);
        return chain;
    }

    /** The newest root. */
    VerifyingKey root() {
        return root;
    }

    long rootGeneration() {
        return rootGeneration;
    }

    /** Of the {@link #desiredStateKeys()}; 0 when there are none. */
    long generation() {
        return generation;
    }

    /** The certified keys of the highest generation. */
    List<VerifyingKey> desiredStateKeys() {
        return desiredStateKeys;
    }

    private void take(Envelope envelope) {
        byte[] payload;
        try {
            payload =
                    Dsse.verify(envelope, KeyCertificate.PAYLOAD_TYPE, roots, 1).payload();
        } catch (ProblemException e) {
            if (e.code().equals("signature.untrusted")) {
                return;
            }
            throw e;
        }
        KeyCertificate certificate = Wire.read(Messages.KEY_CERTIFICATE, payload, "A key certificate");
        VerifyingKey key = checked(certificate);
        switch (certificate.use()) {
            case ROOT -> {
                if (certificate.generation() > rootGeneration) {
                    root = key;
                    rootGeneration = certificate.generation();
                    roots.add(key);
                }
            }
            case DESIRED_STATE -> {
                if (certificate.generation() > generation) {
                    generation = certificate.generation();
                    desiredStateKeys.clear();
                }
                if (certificate.generation() == generation) {
                    desiredStateKeys.add(key);
                }
            }
        }
    }

    private VerifyingKey checked(KeyCertificate certificate) {
        if (!certificate.customer().equals(customer)) {
            throw new Problem(
                            "signature.customer-other",
                            "A key certificate is for customer " + Text.shortened(certificate.customer(), 60)
                                    + ", but this device belongs to " + customer + ".",
                            "Enrol the device again if it was meant to change hands.")
                    .asException();
        }
        if (certificate.generation() < 1) {
            throw new Problem("signature.malformed", "A key certificate has a generation below 1.").asException();
        }
        VerifyingKey key = VerifyingKey.parse(certificate.publicKey());
        if (!key.keyId().equals(certificate.keyId())) {
            throw new Problem("signature.malformed", "A key certificate's key id is not that of its key.")
                    .asException();
        }
        return key;
    }
}
