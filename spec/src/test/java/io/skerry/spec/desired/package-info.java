@NullMarked
package io.skerry.spec.desired;

import org.jspecify.annotations.NullMarked;
