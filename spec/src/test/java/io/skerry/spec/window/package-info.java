@NullMarked
package io.skerry.spec.window;

import org.jspecify.annotations.NullMarked;
