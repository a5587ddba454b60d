package io.skerry.spec.wire;

/** Where the cloud serves devices (architecture §5). */
public final class Paths {
    public static final String ENROL = "/device/v1/enrol";
    public static final String CERTIFICATE = "/device/v1/certificate";
    public static final String DESIRED_STATE = "/device/v1/desired-state";
    public static final String STATUS = "/device/v1/status";
    /** Followed by a stream's id. */
    public static final String STREAMS = "/device/v1/streams/";

    /** In answers to a waiting poll: how many seconds the next one should ask to wait. */
    public static final String NEXT_WAIT_HEADER = "Skerry-Next-Wait";

    private Paths() {}
}
