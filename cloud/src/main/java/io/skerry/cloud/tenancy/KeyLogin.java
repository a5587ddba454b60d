package io.skerry.cloud.tenancy;

/**
 * How a person came to a key.
 *
 * @param ruleId the login rule that let the person in
 * @param subject whom the OpenID provider calls by this and nobody else, ever
 */
public record KeyLogin(String ruleId, String subject) {}
