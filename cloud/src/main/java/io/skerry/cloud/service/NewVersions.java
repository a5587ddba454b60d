package io.skerry.cloud.service;

import io.skerry.cloud.tenancy.Actor;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Told when a service gets a new version, before anybody is told to run it. */
@FunctionalInterface
public interface NewVersions {
    /**
     * Within the work that makes it.
     *
     * @param before the version that was the newest, if there was one
     */
    void made(Handle h, String serviceId, long version, Optional<Long> before, Actor by);
}
