package io.skerry.cloud.injection;

import io.skerry.cloud.config.ConfigRows;
import io.skerry.cloud.instance.Instance;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.cloud.tenancy.Role;
import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.time.Duration;
import org.jdbi.v3.core.Handle;

/** What injected keys can't be. */
final class Refusals {
    private static final Duration MOST_OFTEN = Duration.ofHours(1);
    private static final Duration LEAST_OFTEN = Duration.ofDays(3653);
    private static final Duration LONGEST_OVERLAP = Duration.ofDays(366);
    /** Of one injected key, that are good at once. */
    private static final int MOST_TURNS = 10;

    private Refusals() {}

    static void check(InjectedKey.Rotation rotation) {
        boolean often = rotation.every()
                .filter(e -> e.compareTo(MOST_OFTEN) < 0 || e.compareTo(LEAST_OFTEN) > 0)
                .isPresent();
        if (often || rotation.overlap().isNegative() || rotation.overlap().compareTo(LONGEST_OVERLAP) > 0) {
            throw new Problem(
                            "injected-key.out-of-bounds",
                            "A key can't be rotated "
                                    + rotation.every()
                                            .map(e -> "every " + e.toMinutes() + " minutes")
                                            .orElse("by hand") + " with an overlap of "
                                    + rotation.overlap().toMinutes() + " minutes.",
                            "Give " + MOST_OFTEN.toMinutes() + " to " + LEAST_OFTEN.toMinutes()
                                    + " as rotate_minutes, and 0 to " + LONGEST_OVERLAP.toMinutes()
                                    + " as overlap_minutes.")
                    .asException();
        }
    }

    /**
     * Whoever may make an image that finds a key in its container can have it, so it takes an admin to have one made that is
     * good for more than reading what concerns its own device, as it does to make a key by hand.
     */
    static void refuseHigher(Role role, boolean wholeCustomer, Caller caller) {
        Role needed = role == Role.VIEWER && !wholeCustomer ? Role.OPERATOR : Role.ADMIN;
        caller.lacks(needed, "having such a key made").ifPresent(problem -> {
            throw problem.asException();
        });
    }

    static void refuseHigher(InjectedKey key, Caller caller) {
        refuseHigher(key.role(), key.nodeId().isEmpty(), caller);
    }

    static void refuseWider(NewInjection wanted, Caller caller) {
        if (wanted.wholeCustomer() && caller.nodeId().isPresent()) {
            throw new Problem(
                            "api-key.out-of-bounds",
                            "This API key is good for one device alone, and can't have one made that is good for more.",
                            "Leave whole_customer out, or use another key.")
                    .asException();
        }
    }

    static void refuseTaken(Handle h, String instanceId, String path) {
        if (ConfigRows.of(h, instanceId).stream().anyMatch(f -> f.file().path().equals(path))) {
            throw new Problem(
                            "config.exists",
                            "The instance has a configuration file " + Text.shortened(path, 100) + " already.",
                            "Choose another path, or remove that file first.")
                    .asException();
        }
    }

    static void refuseDisabled(Instance instance) {
        if (instance.selector().filter("disabled"::equals).isPresent()) {
            throw new Problem(
                            "injected-key.disabled",
                            "'" + instance.serviceName() + "' on '" + instance.nodeName()
                                    + "' is disabled, so its container is left as it is, with the key that it has.",
                            "Have it follow a version first, or revoke its key with Authz_revoke_api_key.")
                    .asException();
        }
    }

    static void refuseTooMany(Handle h, InjectedKey key, Duration overlap) {
        if (!overlap.isZero() && InjectedKeyRows.turns(h, key.injectedKeyId()).size() >= MOST_TURNS) {
            throw new Problem(
                            "injected-key.too-many",
                            "The device hasn't taken up any of the last " + (MOST_TURNS - 1) + " keys yet.",
                            "Wait until it is there, or revoke all that are good by overlap_minutes: 0.")
                    .asException();
        }
    }
}
