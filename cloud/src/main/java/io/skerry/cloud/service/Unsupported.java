package io.skerry.cloud.service;

import io.skerry.spec.Problem;

/** Refuses what the API has words for but no device can do yet: nothing accepted is ever without effect. */
final class Unsupported {
    private Unsupported() {}

    /** @throws io.skerry.spec.ProblemException {@code capability.unsupported}, naming the field */
    static void refuse(Input service) {
        if (service.yes("access_gpsd_enabled")) {
            throw new Problem(
                            "capability.unsupported",
                            "This version can't do what " + service.name("access_gpsd_enabled") + " asks for.",
                            "Leave it out, or set it to false.")
                    .asException();
        }
    }
}
