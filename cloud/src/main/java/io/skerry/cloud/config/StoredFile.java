package io.skerry.cloud.config;

import io.skerry.spec.desired.ConfigFile;

/**
 * A configuration file of an instance, without what it says.
 *
 * @param secret whether nobody is ever shown what it says
 * @param changedAt milliseconds since 1970
 */
public record StoredFile(ConfigFile file, boolean secret, long changedAt) {}
