package io.skerry.cloud.service;

import io.skerry.spec.Problem;
import java.util.Optional;

/**
 * How an import stands.
 *
 * @param importId a UUID
 * @param customerId whose it is
 * @param serviceName for which service
 * @param state whether it is over, and how
 * @param step what is being done, for people
 * @param bytesDone of the images, those included that were here already
 * @param bytesTotal of the images; 0 until known
 * @param startedAt milliseconds since 1970
 * @param endedAt milliseconds since 1970, once it is over
 * @param serviceId which service's version it made
 * @param version which version it made
 * @param problem why it failed
 */
public record ImportView(
        String importId,
        String customerId,
        String serviceName,
        State state,
        String step,
        long bytesDone,
        long bytesTotal,
        long startedAt,
        Optional<Long> endedAt,
        Optional<String> serviceId,
        Optional<Integer> version,
        Optional<Problem> problem) {

    /** Whether an import is over, and how. */
    public enum State {
        RUNNING("running"),
        DONE("done"),
        FAILED("failed");

        private final String word;

        State(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }
}
