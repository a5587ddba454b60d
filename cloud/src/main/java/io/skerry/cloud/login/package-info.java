/**
 * How people log in as whom an OpenID provider says they are: the rules of who may, the way to the provider and back, and the keys that
 * come of it.
 */
@NullMarked
package io.skerry.cloud.login;

import org.jspecify.annotations.NullMarked;
