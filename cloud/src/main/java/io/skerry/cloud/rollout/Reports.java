package io.skerry.cloud.rollout;

import java.util.Map;

/** Says how a service's instances stand. */
@FunctionalInterface
public interface Reports {
    /** What is known of each instance of the service, by its id. */
    Map<String, Report> of(String serviceId);
}
