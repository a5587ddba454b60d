@NullMarked
package io.skerry.spec.network;

import org.jspecify.annotations.NullMarked;
