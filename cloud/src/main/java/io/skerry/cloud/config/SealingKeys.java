package io.skerry.cloud.config;

import io.skerry.content.files.DurableFiles;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals what the database must not show: AES-256-GCM under keys that are files beside the signing keys ({@code <number>.key}, 0600,
 * 32 bytes as base64). The one with the highest number seals; all of them open, so that a new one can be added at any time. What
 * is sealed is bound to a place and opens nowhere else. Safe for use by several threads.
 */
public final class SealingKeys {
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final String ENDING = ".key";

    private final SecureRandom random;
    private final Map<Integer, SecretKeySpec> keys;
    private final int newest;

    private SealingKeys(SecureRandom random, Map<Integer, SecretKeySpec> keys, int newest) {
        this.random = random;
        this.keys = Map.copyOf(keys);
        this.newest = newest;
    }

    /**
     * The keys of a folder; the first one is made when there is none.
     *
     * @param needed whether anything is sealed already, which a new first key wouldn't open; asked when there is no key
     * @throws ProblemException {@code sealing.key-missing}, {@code sealing.key-unreadable}, {@code disk.…}
     */
    public static SealingKeys open(Path folder, SecureRandom random, BooleanSupplier needed) {
        List<Path> files = files(folder);
        if (files.isEmpty()) {
            if (needed.getAsBoolean()) {
                throw new Problem(
                                "sealing.key-missing",
                                "The database has contents that are sealed, but " + folder + " has no key.",
                                "Restore the folder from a backup, and start the control plane again.")
                        .asException();
            }
            byte[] key = new byte[KEY_BYTES];
            random.nextBytes(key);
            Path first = folder.resolve("1" + ENDING);
            DurableFiles.write(first, Base64.getEncoder().encode(key), 0600);
            files = List.of(first);
        }
        var keys = new TreeMap<Integer, SecretKeySpec>();
        files.forEach(file -> keys.put(number(file), read(file)));
        return new SealingKeys(random, keys, keys.lastKey());
    }

    /**
     * Other keys that are derived from these, for another purpose: whoever may have much sealed by them learns nothing of these, nor uses up
     * their nonces.
     */
    public SealingKeys apart(String purpose) {
        var derived = new TreeMap<Integer, SecretKeySpec>();
        keys.forEach((number, key) -> derived.put(number, derived(key, purpose)));
        return new SealingKeys(random, derived, newest);
    }

    private static SecretKeySpec derived(SecretKeySpec key, String purpose) {
        try {
            var parameters = HKDFParameterSpec.ofExtract()
                    .addIKM(key.getEncoded())
                    .thenExpand(("skerry sealing: " + purpose).getBytes(StandardCharsets.UTF_8), KEY_BYTES);
            return new SecretKeySpec(KDF.getInstance("HKDF-SHA256").deriveData(parameters), "AES");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HKDF", e);
        }
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> String.valueOf(f.getFileName()).matches("[1-9][0-9]{0,5}\\.key"))
                    .sorted(Comparator.comparingInt(SealingKeys::number))
                    .toList();
        } catch (IOException e) {
            throw DurableFiles.failed("read", folder, e);
        }
    }

    private static int number(Path file) {
        String name = String.valueOf(file.getFileName());
        return Integer.parseInt(name.substring(0, name.length() - ENDING.length()));
    }

    private static SecretKeySpec read(Path file) {
        try {
            byte[] key = Base64.getDecoder()
                    .decode(Files.readString(file, StandardCharsets.US_ASCII).strip());
            if (key.length == KEY_BYTES) {
                return new SecretKeySpec(key, "AES");
            }
        } catch (IOException | IllegalArgumentException _) {
            // Said below, without what stands in the file.
        }
        throw new Problem(
                        "sealing.key-unreadable",
                        "The key in " + file + " can't be read: it must be " + KEY_BYTES + " bytes as base64.",
                        "Restore the file from a backup: what was sealed with it opens with nothing else.")
                .asException();
    }

    /**
     * Seals bytes.
     *
     * @param place where they are kept, which {@link #open} must be told again
     * @return one line: the key's number, a dot, base64 of nonce, ciphertext and tag
     */
    public String seal(byte[] clear, String place) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, newest, nonce, place).doFinal(clear);
            byte[] all = new byte[nonce.length + sealed.length];
            System.arraycopy(nonce, 0, all, 0, nonce.length);
            System.arraycopy(sealed, 0, all, nonce.length, sealed.length);
            return newest + "." + Base64.getEncoder().encodeToString(all);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
    }

    /**
     * Opens what was sealed for this place.
     *
     * @throws ProblemException {@code sealing.key-missing}, {@code sealing.broken}
     */
    public byte[] open(String sealed, String place) {
        int dot = sealed.indexOf('.');
        int number = dot > 0 && dot <= 6 ? digits(sealed.substring(0, dot)) : 0;
        if (number == 0) {
            throw broken();
        }
        if (!keys.containsKey(number)) {
            throw new Problem(
                            "sealing.key-missing",
                            "The sealing key " + number + ", with which a configuration is kept, isn't there.",
                            "Restore the control plane's folder keys/sealing from a backup, and start it again.")
                    .asException();
        }
        try {
            byte[] all = Base64.getDecoder().decode(sealed.substring(dot + 1));
            byte[] nonce = java.util.Arrays.copyOf(all, NONCE_BYTES);
            return cipher(Cipher.DECRYPT_MODE, number, nonce, place)
                    .doFinal(all, NONCE_BYTES, all.length - NONCE_BYTES);
        } catch (GeneralSecurityException | IllegalArgumentException _) {
            // It isn't base64, is too short, or was changed.
            throw broken();
        }
    }

    private static int digits(String number) {
        return number.chars().allMatch(c -> c >= '0' && c <= '9') ? Integer.parseInt(number) : 0;
    }

    private static ProblemException broken() {
        return new Problem(
                        "sealing.broken",
                        "A configuration that is kept doesn't open with its key: it, or the key, was changed.",
                        "Restore database and keys from one backup, or set the configuration again.")
                .asException();
    }

    private Cipher cipher(int mode, int number, byte[] nonce, String place) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, keys.get(number), new GCMParameterSpec(TAG_BITS, nonce), random);
        cipher.updateAAD(place.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
