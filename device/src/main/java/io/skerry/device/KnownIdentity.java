package io.skerry.device;

import io.skerry.device.config.DeviceSettings;
import io.skerry.device.identity.DeviceIdentity;
import io.skerry.device.identity.FileIdentity;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.nio.file.Path;
import java.util.Optional;

/** What a data folder tells of who an enrolled device is. */
sealed interface KnownIdentity {
    record Whole(DeviceIdentity identity) implements KnownIdentity {}

    /** The disk has lost a part of what the device was given. */
    record Spoilt(Problem problem) implements KnownIdentity {}

    /** Nothing when the device isn't enrolled. */
    static Optional<KnownIdentity> look(Path data) {
        try {
            Optional<FileIdentity> found = FileIdentity.load(data);
            found.ifPresent(
                    i -> DeviceSettings.cloudAddress("cloud", i.membership().cloud()));
            return found.map(Whole::new);
        } catch (ProblemException e) {
            return Optional.of(new Spoilt(new Problem(
                    "identity.unreadable",
                    "Who this device is can't be read, so it goes on without its cloud: "
                            + e.problem().message(),
                    "Bring the folder " + FileIdentity.folder(data)
                            + " back from a backup, which is noticed within a minute;"
                            + " or stop the daemon, remove the folder and enrol the device again.")));
        }
    }
}
