/**
 * Counters of the control plane and their page.
 *
 * <p>What is counted is told by the features that count it.
 */
@NullMarked
package io.skerry.cloud.metrics;

import org.jspecify.annotations.NullMarked;
