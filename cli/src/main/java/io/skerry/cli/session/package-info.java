/**
 * Who is asking which cloud: profiles, logging in and out, and the names by which things are called.
 *
 * <p>The commands about services, nodes and instances live in packages of their own.
 */
@NullMarked
package io.skerry.cli.session;

import org.jspecify.annotations.NullMarked;
