package io.skerry.cloud.egress;

import java.io.IOException;

/** Posts to where the installation's egress policy allows. Safe for use by several threads. */
public interface Posts {
    /**
     * Posts a body and waits for the answer's status and its first bytes, all within the time limit. Follows no redirect; what comes after
     * the first bytes isn't read.
     *
     * @throws IOException when no answer comes; an {@link java.io.InterruptedIOException} when the thread was interrupted, a {@link
     *     java.net.SocketTimeoutException} when the time is over
     * @throws io.skerry.spec.ProblemException {@code egress.refused}
     */
    EgressAnswer post(EgressPost post) throws IOException;

    /**
     * Says at once for what a call would be refused, as far as that can be known now: what a host's name leads to may be other when it is
     * called, and is judged then.
     *
     * @throws io.skerry.spec.ProblemException {@code egress.refused}
     */
    void check(String host);

    /** Whether private addresses may be called. */
    boolean isPrivateAllowed();
}
