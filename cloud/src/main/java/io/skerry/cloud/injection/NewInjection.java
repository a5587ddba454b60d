package io.skerry.cloud.injection;

import io.skerry.cloud.tenancy.Role;

/**
 * A key that an instance is to find.
 *
 * @param path where, as a configuration file's
 * @param mode the file's permissions
 * @param role what it is to be good for
 * @param wholeCustomer whether for all that the customer has; else for the instance's device alone
 * @param rotation how it is rotated
 */
public record NewInjection(String path, int mode, Role role, boolean wholeCustomer, InjectedKey.Rotation rotation) {}
