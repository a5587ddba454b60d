/**
 * When devices and services may be updated: what operators say of customers, groups, nodes, services and instances.
 *
 * <p>What follows for one node is worked out here; how it gets there, and who obeys, isn't.
 */
@NullMarked
package io.skerry.cloud.window;

import org.jspecify.annotations.NullMarked;
