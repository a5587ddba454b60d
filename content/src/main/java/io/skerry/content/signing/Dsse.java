package io.skerry.content.signing;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import io.skerry.spec.wire.Envelope;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Makes and verifies envelopes (DSSE 1.0.2, protocol.md). */
public final class Dsse {
    /** More signatures than anyone has reason for. */
    private static final int MOST_SIGNATURES = 32;

    private Dsse() {}

    /**
     * What was signed, and by whom.
     *
     * @param payload the signed bytes, as they are
     * @param keyIds of the distinct trusted keys that signed
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on at once, never compared
    public record Verified(byte[] payload, Set<String> keyIds) {
        public Verified {
            keyIds = Set.copyOf(keyIds);
        }
    }

    /** The bytes that are really signed, so that payload and type can't be taken for something else. */
    public static byte[] preAuthenticationEncoding(String payloadType, byte[] payload) {
        byte[] type = payloadType.getBytes(StandardCharsets.UTF_8);
        byte[] head = ("DSSEv1 " + type.length + " " + payloadType + " " + payload.length + " ")
                .getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(head, head.length + payload.length);
        System.arraycopy(payload, 0, all, head.length, payload.length);
        return all;
    }

    public static Envelope sign(String payloadType, byte[] payload, Signer... keys) {
        byte[] message = preAuthenticationEncoding(payloadType, payload);
        List<Envelope.Signature> signatures = Arrays.stream(keys)
                .map(k -> new Envelope.Signature(k.keyId(), Base64.getEncoder().encodeToString(k.sign(message))))
                .toList();
        return new Envelope(payloadType, Base64.getEncoder().encodeToString(payload), signatures);
    }

    /**
     * Verifies against keys that are trusted for this. A signature's key id only says which key to try; each key counts once.
     *
     * @param threshold how many distinct keys must have signed
     * @throws ProblemException {@code signature.malformed}, {@code signature.type-other}, {@code signature.untrusted}
     */
    public static Verified verify(
            Envelope envelope, String payloadType, Collection<VerifyingKey> trusted, int threshold) {
        if (!envelope.payloadType().equals(payloadType)) {
            throw new Problem(
                            "signature.type-other",
                            "Signed bytes of type '" + Text.shortened(envelope.payloadType(), 80) + "' came where '"
                                    + payloadType + "' was expected.")
                    .asException();
        }
        if (envelope.signatures().size() > MOST_SIGNATURES) {
            throw new Problem("signature.malformed", "An envelope has more than " + MOST_SIGNATURES + " signatures.")
                    .asException();
        }
        byte[] payload = decoded(envelope.payload(), "payload");
        byte[] message = preAuthenticationEncoding(payloadType, payload);
        Set<String> signers = new LinkedHashSet<>();
        for (Envelope.Signature signature : envelope.signatures()) {
            byte[] bytes = decoded(signature.sig(), "signature");
            trusted.stream()
                    .filter(k -> k.keyId().equals(signature.keyid()))
                    .filter(k -> k.verifies(message, bytes))
                    .forEach(k -> signers.add(k.keyId()));
        }
        if (signers.size() < threshold) {
            throw new Problem(
                            "signature.untrusted",
                            "Of the trusted keys " + signers.size() + " signed where " + threshold
                                    + " must; signatures came from "
                                    + names(envelope.signatures()) + ".",
                            "Check that it comes from the cloud that this device was enrolled at.")
                    .asException();
        }
        return new Verified(payload, signers);
    }

    private static String names(List<Envelope.Signature> signatures) {
        return signatures.isEmpty()
                ? "nobody"
                : String.join(
                        ", ",
                        signatures.stream()
                                .map(s -> "key " + Text.shortened(s.keyid(), 13))
                                .toList());
    }

    private static byte[] decoded(String base64, String what) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new Problem("signature.malformed", "The " + what + " of an envelope is not base64.").asException(e);
        }
    }
}
