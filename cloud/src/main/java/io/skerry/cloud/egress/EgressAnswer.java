package io.skerry.cloud.egress;

/**
 * How a POST was answered.
 *
 * @param status of the answer; redirects aren't followed
 * @param firstBytes how its body begins, as far as was asked for
 */
@SuppressWarnings("ArrayRecordComponent") // handed on at once, never compared
public record EgressAnswer(int status, byte[] firstBytes) {}
