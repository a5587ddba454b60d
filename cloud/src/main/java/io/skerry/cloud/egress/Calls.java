package io.skerry.cloud.egress;

import java.io.IOException;

/** Fetches what is small, and posts, where an egress policy allows it. Safe for use by several threads. */
public interface Calls extends Posts {
    /**
     * Fetches an answer's status and its first bytes, all within the time limit. Follows no redirect; what comes after the first bytes
     * isn't read.
     *
     * @throws IOException as {@link #post}
     * @throws io.skerry.spec.ProblemException {@code egress.refused}
     */
    EgressAnswer get(EgressGet get) throws IOException;
}
