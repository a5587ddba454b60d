package io.skerry.cloud.observation;

import io.skerry.spec.Digest;
import io.skerry.spec.desired.Position;
import io.skerry.spec.desired.ServiceVersion;
import java.util.Map;

/**
 * What a device was told last to run.
 *
 * @param position of the document
 * @param workload the digest of the workload
 * @param versions which version of which service each instance is to be, by the instance's id
 */
record Asked(Position position, Digest workload, Map<String, ServiceVersion> versions) {
    Asked {
        versions = Map.copyOf(versions);
    }
}
