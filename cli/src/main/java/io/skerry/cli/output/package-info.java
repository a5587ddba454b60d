/**
 * How answers reach a person or a script: tables, progress, JSON, colours, exit codes.
 *
 * <p>Knows nothing of the fleet; what is shown is made by the commands.
 */
@NullMarked
package io.skerry.cli.output;

import org.jspecify.annotations.NullMarked;
