package io.skerry.cloud.login;

import io.skerry.cloud.tenancy.Role;
import java.util.Optional;

/**
 * What is asked for when a login rule is made.
 *
 * @param customerId to whose things it lets in; empty: to those of the whole installation
 * @param role that people get by it
 */
public record NewLoginRule(Optional<String> customerId, LoginClaim claim, String value, Role role) {}
