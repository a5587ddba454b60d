package io.skerry.cloud.idempotency;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes what is kept of a call unreadable to whoever has the database: its name, its input and its answer, with keys that are
 * derived from the caller's API key, of which the database knows the hash alone. So no two callers' calls can meet, and
 * an answer that shows a new API key is read again by its caller only.
 */
public final class CallSeal {
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;

    private final SecretKey forAnswers;
    private final SecretKey forInputs;
    private final String callId;
    private final SecureRandom random;

    /** @param callerSecret 256 random bits at least, as an API key is: it isn't stretched */
    public CallSeal(String callerSecret, IdempotencyKey key, SecureRandom random) {
        this.forAnswers = derived(callerSecret, "answer", "AES");
        this.forInputs = derived(callerSecret, "input", "HmacSHA256");
        this.callId =
                mac(derived(callerSecret, "call", "HmacSHA256"), key.text().getBytes(StandardCharsets.UTF_8));
        this.random = random;
    }

    private static SecretKey derived(String secret, String purpose, String algorithm) {
        try {
            var parameters = HKDFParameterSpec.ofExtract()
                    .addIKM(secret.getBytes(StandardCharsets.UTF_8))
                    .thenExpand(("skerry idempotent call: " + purpose).getBytes(StandardCharsets.UTF_8), 32);
            byte[] key = KDF.getInstance("HKDF-SHA256").deriveData(parameters);
            return new SecretKeySpec(key, algorithm);
        } catch (NoSuchAlgorithmException | InvalidAlgorithmParameterException e) {
            throw new IllegalStateException("this Java has no HKDF", e);
        }
    }

    private static String mac(SecretKey key, byte[] what) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return HexFormat.of().formatHex(mac.doFinal(what));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HMAC", e);
        }
    }

    /** The call's name in the database: 64 hex digits. */
    String callId() {
        return callId;
    }

    /** By which an input is known again: 64 hex digits. */
    String inputHash(byte[] input) {
        return mac(forInputs, input);
    }

    /** Base64 of nonce, ciphertext and tag. */
    String seal(byte[] answer) {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        byte[] sealed = crypt(Cipher.ENCRYPT_MODE, nonce, answer);
        return Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(NONCE + sealed.length)
                        .put(nonce)
                        .put(sealed)
                        .array());
    }

    /** What was sealed for this very call. */
    byte[] open(String sealed) {
        byte[] bytes = Base64.getDecoder().decode(sealed);
        return crypt(Cipher.DECRYPT_MODE, Arrays.copyOf(bytes, NONCE), Arrays.copyOfRange(bytes, NONCE, bytes.length));
    }

    private byte[] crypt(int mode, byte[] nonce, byte[] what) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, forAnswers, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(callId.getBytes(StandardCharsets.US_ASCII));
            return cipher.doFinal(what);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("an idempotent call's answer can't be sealed or opened", e);
        }
    }
}
