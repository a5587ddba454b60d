package io.skerry.content.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.skerry.spec.ProblemException;
import io.skerry.spec.wire.Envelope;
import io.skerry.spec.wire.KeyCertificate;
import io.skerry.spec.wire.KeyCertificate.Use;
import io.skerry.spec.wire.Messages;
import io.skerry.spec.wire.SignedDesiredState;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrustedKeysTest {
    private static final byte[] DOCUMENT = "{}".getBytes(StandardCharsets.UTF_8);

    private final SigningKey root = SigningKey.generate();
    private final SigningKey root1 = SigningKey.generate();
    private final SigningKey root2 = SigningKey.generate();
    private final SigningKey signing = SigningKey.generate();
    private final SigningKey signing2 = SigningKey.generate();
    private final TrustedKeys pinned =
            TrustedKeys.pinned("c1", root.verifyingKey().encoded());

    @Test
    void believesAKeyForWhichTheRootStands() {
        TrustedKeys.Verified verified =
                pinned.verify(signed(signing, certificate(root, Use.DESIRED_STATE, signing, 1)));

        assertThat(verified.payload()).isEqualTo(DOCUMENT);
        assertThat(verified.trust().desiredStateGeneration()).isEqualTo(1);
        assertThat(verified.trust().root()).isEqualTo(pinned.root());
    }

    @Test
    void believesNobodyElse() {
        refused("signature.untrusted", pinned, signed(signing));
        refused("signature.untrusted", pinned, signed(root));
        refused("signature.untrusted", pinned, signed(signing, certificate(root1, Use.DESIRED_STATE, signing, 1)));
        refused("signature.untrusted", pinned, signed(signing2, certificate(root, Use.DESIRED_STATE, signing, 1)));
        // A root signs certificates only, a signing key desired states only.
        refused("signature.untrusted", pinned, signed(signing, certificate(root, Use.ROOT, signing, 1)));
        refused(
                "signature.untrusted",
                pinned,
                signed(
                        signing2,
                        certificate(root, Use.DESIRED_STATE, signing, 1),
                        certificate(signing, Use.DESIRED_STATE, signing2, 2)));
    }

    @Test
    void followsReplacedRootsInTheirOrderOnly() {
        Envelope first = certificate(root, Use.ROOT, root1, 1);
        Envelope second = certificate(root1, Use.ROOT, root2, 2);
        Envelope key = certificate(root2, Use.DESIRED_STATE, signing, 1);

        TrustedKeys trust = pinned.verify(signed(signing, first, second, key)).trust();

        assertThat(trust.root()).isEqualTo(root2.verifyingKey().encoded());
        assertThat(trust.rootGeneration()).isEqualTo(2);
        refused("signature.untrusted", pinned, signed(signing, second, first, key));
        // The same list again, of which the first ones are history now; also for a device that begins with the last
        // root.
        assertThat(trust.verify(signed(signing, first, second, key)).trust()).isEqualTo(trust);
        TrustedKeys fresh = TrustedKeys.pinned("c1", root2.verifyingKey().encoded());
        assertThat(fresh.verify(signed(signing, first, second, key)).payload()).isEqualTo(DOCUMENT);
    }

    @Test
    void aReplacedRootHasNoMoreSay() {
        TrustedKeys trust = pinned.verify(signed(
                        signing,
                        certificate(root, Use.ROOT, root1, 1),
                        certificate(root1, Use.DESIRED_STATE, signing, 1)))
                .trust();

        refused("signature.untrusted", trust, signed(signing2, certificate(root, Use.DESIRED_STATE, signing2, 5)));
        refused(
                "signature.untrusted",
                trust,
                signed(
                        signing2,
                        certificate(root, Use.ROOT, root2, 7),
                        certificate(root2, Use.DESIRED_STATE, signing2, 5)));
    }

    @Test
    void neverGoesBackToAReplacedKey() {
        Envelope old = certificate(root, Use.DESIRED_STATE, signing, 1);
        Envelope current = certificate(root, Use.DESIRED_STATE, signing2, 2);
        TrustedKeys trust = pinned.verify(signed(signing2, old, current)).trust();

        assertThat(trust.desiredStateGeneration()).isEqualTo(2);
        refused("signature.generation-old", trust, signed(signing, old));
        refused("signature.untrusted", trust, signed(signing, old, current));
        // Even a device that has seen neither takes only the newest that is shown to it.
        refused("signature.untrusted", pinned, signed(signing, current, old));
    }

    @Test
    void refusesAnotherCustomersKeys() {
        Envelope foreign = KeyCertificates.certify(root, "c2", Use.DESIRED_STATE, signing.verifyingKey(), 1);

        refused("signature.customer-other", pinned, signed(signing, foreign));
    }

    @Test
    void refusesACertificateThatNamesAnotherKeyThanItHas() {
        KeyCertificate wrong = new KeyCertificate(
                "c1", Use.DESIRED_STATE, root.keyId(), signing.verifyingKey().encoded(), 1);
        Envelope envelope = Dsse.sign(KeyCertificate.PAYLOAD_TYPE, Messages.KEY_CERTIFICATE.toJsonBytes(wrong), root);

        refused("signature.malformed", pinned, signed(signing, envelope));
    }

    @Test
    void isKeptAsJson() {
        TrustedKeys trust = pinned.verify(signed(signing, certificate(root, Use.DESIRED_STATE, signing, 3)))
                .trust();

        assertThat(TrustedKeys.parse(trust.toJson())).isEqualTo(trust);
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> TrustedKeys.parse("{\"customer\":\"c\"}".getBytes(StandardCharsets.UTF_8)));
    }

    private static SignedDesiredState signed(SigningKey key, Envelope... certificates) {
        return new SignedDesiredState(Dsse.sign(SignedDesiredState.PAYLOAD_TYPE, DOCUMENT, key), List.of(certificates));
    }

    private static Envelope certificate(SigningKey by, Use use, SigningKey key, long generation) {
        return KeyCertificates.certify(by, "c1", use, key.verifyingKey(), generation);
    }

    private static void refused(String code, TrustedKeys trust, SignedDesiredState signed) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> trust.verify(signed))
                .satisfies(e -> assertThat(e.code()).isEqualTo(code));
    }
}
