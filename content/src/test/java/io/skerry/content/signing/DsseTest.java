package io.skerry.content.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;
import io.skerry.spec.wire.Envelope;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DsseTest {
    private static final String TYPE = "http://example.com/HelloWorld";
    private static final byte[] HELLO = "hello world".getBytes(StandardCharsets.UTF_8);

    private final SigningKey key = SigningKey.generate();
    private final SigningKey other = SigningKey.generate();

    /** The test vector of the specification. */
    @Test
    void encodesAsTheSpecificationSays() {
        assertThat(new String(Dsse.preAuthenticationEncoding(TYPE, HELLO), StandardCharsets.UTF_8))
                .isEqualTo("DSSEv1 29 http://example.com/HelloWorld 11 hello world");
        assertThat(new String(Dsse.preAuthenticationEncoding("ü", new byte[0]), StandardCharsets.UTF_8))
                .isEqualTo("DSSEv1 2 ü 0 ");
    }

    @Test
    void verifiesWhatATrustedKeySigned() {
        Envelope envelope = Dsse.sign(TYPE, HELLO, key, other);

        Dsse.Verified verified = Dsse.verify(envelope, TYPE, List.of(key.verifyingKey()), 1);

        assertThat(verified.payload()).isEqualTo(HELLO);
        assertThat(verified.keyIds()).containsExactly(key.keyId());
    }

    @Test
    void countsEachKeyOnce() {
        Envelope once = Dsse.sign(TYPE, HELLO, key);
        Envelope thrice = Dsse.sign(TYPE, HELLO, key, key, key);
        List<VerifyingKey> both = List.of(key.verifyingKey(), other.verifyingKey());

        refused("signature.untrusted", () -> Dsse.verify(once, TYPE, both, 2));
        refused("signature.untrusted", () -> Dsse.verify(thrice, TYPE, both, 2));
        // The same key under another name is still the same key: the name isn't one of the trusted.
        Envelope renamed = new Envelope(
                TYPE,
                once.payload(),
                List.of(
                        once.signatures().getFirst(),
                        new Envelope.Signature(
                                other.keyId(), once.signatures().getFirst().sig())));
        refused("signature.untrusted", () -> Dsse.verify(renamed, TYPE, both, 2));
        assertThat(Dsse.verify(Dsse.sign(TYPE, HELLO, key, other), TYPE, both, 2)
                        .keyIds())
                .hasSize(2);
    }

    @Test
    void refusesWhatWasChanged() {
        Envelope good = Dsse.sign(TYPE, HELLO, key);
        List<VerifyingKey> trusted = List.of(key.verifyingKey());

        refused("signature.untrusted", () -> Dsse.verify(good, TYPE, List.of(other.verifyingKey()), 1));
        refused("signature.untrusted", () -> Dsse.verify(good, TYPE, List.of(), 1));
        refused("signature.type-other", () -> Dsse.verify(good, "other/type", trusted, 1));
        refused(
                "signature.untrusted",
                () -> Dsse.verify(
                        new Envelope("other/type", good.payload(), good.signatures()), "other/type", trusted, 1));
        String changed = Base64.getEncoder().encodeToString("hello World".getBytes(StandardCharsets.UTF_8));
        refused(
                "signature.untrusted",
                () -> Dsse.verify(new Envelope(TYPE, changed, good.signatures()), TYPE, trusted, 1));
        refused(
                "signature.malformed",
                () -> Dsse.verify(new Envelope(TYPE, "%%", good.signatures()), TYPE, trusted, 1));
        Envelope cut = new Envelope(TYPE, good.payload(), List.of(new Envelope.Signature(key.keyId(), "AAAA")));
        refused("signature.untrusted", () -> Dsse.verify(cut, TYPE, trusted, 1));
    }

    @Test
    void keysAreKeptForTheirOwnersEyes(@TempDir Path temp) throws Exception {
        Path file = temp.resolve("key.pem");
        key.save(file);

        SigningKey loaded = SigningKey.load(file);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(loaded.keyId()).isEqualTo(key.keyId());
        assertThat(Dsse.verify(Dsse.sign(TYPE, HELLO, loaded), TYPE, List.of(key.verifyingKey()), 1)
                        .keyIds())
                .hasSize(1);
        assertThat(key.keyId())
                .isEqualTo(
                        Digest.of(Base64.getDecoder().decode(key.verifyingKey().encoded()))
                                .hex());
        assertThat(key.toString()).doesNotContain("PRIVATE").hasSizeLessThan(100);
        refused("signature.key-malformed", () -> SigningKey.load(temp.resolve("missing")));
        Files.writeString(file, "nonsense");
        refused("pem.malformed", () -> SigningKey.load(file));
    }

    private static void refused(String code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.code()).isEqualTo(code));
    }
}
