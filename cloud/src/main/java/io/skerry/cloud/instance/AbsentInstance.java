package io.skerry.cloud.instance;

import io.skerry.spec.Problem;

/**
 * A device that is to have an instance by its group and can't.
 *
 * @param rule by which service of which group
 * @param nodeId the device
 * @param nodeName its name
 * @param problem why
 * @param since milliseconds since 1970
 */
public record AbsentInstance(GroupService rule, String nodeId, String nodeName, Problem problem, long since) {}
