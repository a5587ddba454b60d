package io.skerry.cloud.graphql;

import io.skerry.cloud.tenancy.Actor;

/** Says whether whoever began a call may go on with it. */
@FunctionalInterface
public interface StillGood {
    /** False once its key was revoked or has expired. */
    boolean isGood(Actor actor);
}
