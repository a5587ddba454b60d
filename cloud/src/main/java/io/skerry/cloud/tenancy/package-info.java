/**
 * Customers, API keys and who a caller is.
 *
 * <p>What a caller may do with a feature's things is asked there, by {@link io.skerry.cloud.tenancy.Caller#sees}.
 */
@NullMarked
package io.skerry.cloud.tenancy;

import org.jspecify.annotations.NullMarked;
