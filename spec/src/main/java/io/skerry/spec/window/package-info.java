/**
 * When a device may be updated: windows as its operators give them, and the arithmetic that tells when they are open.
 *
 * <p>Pure: what time it is and who obeys is not told here.
 */
@NullMarked
package io.skerry.spec.window;

import org.jspecify.annotations.NullMarked;
