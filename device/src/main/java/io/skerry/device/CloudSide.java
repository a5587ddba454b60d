package io.skerry.device;

import io.skerry.device.config.DeviceSettings;
import io.skerry.device.identity.CloudTls;
import io.skerry.device.identity.DeviceIdentity;
import io.skerry.device.identity.FileIdentity;
import io.skerry.device.identity.TrustedTime;
import io.skerry.device.link.CloudClient;
import io.skerry.device.link.TrafficCount;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.net.URI;
import java.util.concurrent.FutureTask;

/** What an enrolled device has for speaking with its cloud, as far as its data folder still tells it. */
sealed interface CloudSide {
    /** @param address of the cloud: https, host and port */
    record Linked(DeviceIdentity identity, URI address, CloudTls tls, TrafficCount traffic, CloudClient client)
            implements CloudSide {}

    /** The disk has lost a part of what the device was given. */
    record Unlinked(Problem problem) implements CloudSide {}

    /**
     * Begins to read it, on a thread of its own: keys, certificates and TLS take a tenth of a boot's time, and the containers
     * need none of them.
     *
     * @throws ProblemException {@code device.not-enrolled}
     */
    static FutureTask<CloudSide> reading(DeviceSettings settings, TrustedTime time) {
        if (!FileIdentity.isIn(settings.data())) {
            throw new Problem(
                            "device.not-enrolled",
                            "The device with the data folder " + settings.data() + " is not enrolled.",
                            "Enrol it with 'skerry device enrol'.")
                    .asException();
        }
        FutureTask<CloudSide> reading = new FutureTask<>(() -> read(settings, time));
        // Of the platform: on one processor a virtual thread that computes would keep those waiting that open the
        // containers.
        Thread.ofPlatform().daemon().name("identity").start(reading);
        return reading;
    }

    /** Whether an identity that couldn't be read can be by now. */
    static boolean isReadable(DeviceSettings settings) {
        try {
            Known.in(settings);
            return true;
        } catch (ProblemException e) {
            return false;
        }
    }

    /** What is there, of a device that is enrolled. */
    static CloudSide read(DeviceSettings settings, TrustedTime time) {
        try {
            Known known = Known.in(settings);
            CloudTls tls = new CloudTls(known.identity, time);
            TrafficCount traffic = TrafficCount.open(settings.data());
            var client = new CloudClient(tls.context(), known.address, traffic, time::told);
            return new Linked(known.identity, known.address, tls, traffic, client);
        } catch (ProblemException e) {
            return new Unlinked(new Problem(
                    "identity.unreadable",
                    "Who this device is can't be read, so it goes on without its cloud: "
                            + e.problem().message(),
                    "Bring the folder " + FileIdentity.folder(settings.data())
                            + " back from a backup, which is noticed within a minute;"
                            + " or stop the daemon, remove the folder and enrol the device again."));
        }
    }

    /** What the files tell. */
    record Known(DeviceIdentity identity, URI address) {
        static Known in(DeviceSettings settings) {
            FileIdentity identity = FileIdentity.load(settings.data())
                    .orElseThrow(() -> new Problem(
                                    "identity.unreadable", "The identity's folder has lost its membership.json.")
                            .asException());
            return new Known(
                    identity,
                    settings.cloud()
                            .orElseGet(() -> DeviceSettings.cloudAddress(
                                    "cloud", identity.membership().cloud())));
        }
    }
}
