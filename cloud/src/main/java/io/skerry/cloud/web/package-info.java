/**
 * The two HTTPS ports: servers, certificates, limits, errors.
 *
 * <p>What is served there lives in the features; here is only what all of it needs.
 */
@NullMarked
package io.skerry.cloud.web;

import org.jspecify.annotations.NullMarked;
