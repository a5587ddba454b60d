/**
 * What a device is to run, carried out: revisions, their plan, trial, commit and roll-back.
 *
 * <p>Owns the words of the steps and the small interfaces that carry them out; other packages implement these, and the doors
 * hand it desired states. It knows neither runc nor HTTP.
 */
@NullMarked
package io.skerry.device.revision;

import org.jspecify.annotations.NullMarked;
