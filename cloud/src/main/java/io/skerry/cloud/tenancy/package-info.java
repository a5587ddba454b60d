/**
 * Customers, their groups, API keys with roles, who a caller is, and the audit log.
 *
 * <p>What a caller may do with a feature's things is asked there, by {@link io.skerry.cloud.tenancy.Caller#sees}.
 */
@NullMarked
package io.skerry.cloud.tenancy;

import org.jspecify.annotations.NullMarked;
