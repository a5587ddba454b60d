/**
 * The images' content by digest, in a folder or in a bucket of S3-compatible storage.
 *
 * <p>Which of the two it is, is known here and where a control plane is put together, and nowhere else. What is reached and what may be
 * removed isn't known here ({@code service}).
 */
@NullMarked
package io.skerry.cloud.blob;

import org.jspecify.annotations.NullMarked;
