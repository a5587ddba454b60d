package io.skerry.cloud.authority;

import io.skerry.cloud.storage.Storage;
import io.skerry.spec.Problem;

/** That a database and the keys outside of it belong together. */
public final class Installation {
    private static final String AUTHORITY = "authority";

    private Installation() {}

    /**
     * Notes at the first start whose database it is, and refuses it to everyone else from then on: with other keys no device
     * would know the control plane.
     *
     * @throws io.skerry.spec.ProblemException {@code database.other-keys}
     */
    public static void claim(Storage storage, CertificateAuthority authority) {
        String ours = authority.fingerprint();
        String noted = storage.write(h -> {
            h.execute(
                    "INSERT INTO installation (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
                    AUTHORITY,
                    ours);
            return h.createQuery("SELECT value FROM installation WHERE name = :name")
                    .bind("name", AUTHORITY)
                    .mapTo(String.class)
                    .one();
        });
        if (!noted.equals(ours)) {
            throw new Problem(
                            "database.other-keys",
                            "The database belongs to a control plane with other keys.",
                            "Give all processes on one database the same --shared folder, or restore its keys from a backup.")
                    .asException();
        }
    }
}
