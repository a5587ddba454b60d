package io.skerry.cloud.instance;

import io.skerry.spec.Digest;
import io.skerry.spec.status.DeviceStatus;
import java.util.Optional;

/**
 * What is known of a device when its instances are looked at.
 *
 * @param online whether it is there now
 * @param status the newest that it said of itself
 * @param wanted the digest of the workload that it was told last
 */
record NodeFacts(boolean online, Optional<DeviceStatus> status, Optional<Digest> wanted) {}
