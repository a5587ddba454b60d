/**
 * What travels between a device and the cloud besides the two documents: enrolment, certificates, signatures, errors.
 *
 * <p>Shapes and paths only; who serves and who calls them lives in the programs.
 */
@NullMarked
package io.skerry.spec.wire;

import org.jspecify.annotations.NullMarked;
