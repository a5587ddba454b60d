/**
 * API keys that the control plane makes for instances: laid into their containers, rotated, revoked.
 *
 * <p>Not here: how files come into containers ({@code instance}, {@code config}), and what keys may do ({@code tenancy}).
 */
@NullMarked
package io.skerry.cloud.injection;

import org.jspecify.annotations.NullMarked;
