package io.skerry.cloud.tenancy;

import java.util.Map;
import java.util.Optional;

/**
 * What was changed, for the audit log. Secrets have no place in it.
 *
 * @param customerId whose thing it is; empty for the installation's
 * @param operation the mutation's name in the fleet API, or a word for what isn't one
 * @param kind of the thing, as "group" or "api-key"
 * @param id of the thing
 * @param name of the thing, for people
 * @param before what of it was changed, as it was; empty when the thing is new
 * @param after the same as it is now; empty when the thing is gone
 */
public record Change(
        Optional<String> customerId,
        String operation,
        String kind,
        String id,
        String name,
        Map<String, Object> before,
        Map<String, Object> after) {}
