package io.skerry.cloud.blob;

import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A part of a blob, all of it or a {@link ProblemException}. A source that breaks or ends too early is opened anew where it
 * stopped, a few times. Sources aren't trusted to tell an end from a lost connection: the JDK's HTTP client doesn't.
 */
final class BlobStream extends InputStream {
    private static final Logger LOG = LoggerFactory.getLogger(BlobStream.class);

    private final Digest digest;
    private final long end;
    private final int mostFailures;
    private final Source source;
    private InputStream in;
    private long offset;
    private int failures;

    /** Where the bytes come from. */
    @FunctionalInterface
    interface Source {
        /** The bytes from this offset on; whoever closes it early ends it at once. */
        InputStream from(long offset) throws IOException;
    }

    /** @param mostFailures how often it is opened anew without that a byte came */
    BlobStream(Digest digest, long first, long length, int mostFailures, Source source) {
        this.digest = digest;
        this.offset = first;
        this.end = first + length;
        this.mostFailures = mostFailures;
        this.source = source;
        try {
            in = length == 0 ? InputStream.nullInputStream() : source.from(first);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int at, int most) {
        if (most == 0 || offset == end) {
            return most == 0 ? 0 : -1;
        }
        while (true) {
            try {
                int n = in.read(bytes, at, (int) Math.min(most, end - offset));
                if (n < 0) {
                    throw new EOFException("it ended after " + offset + " of " + end + " bytes");
                }
                offset += n;
                failures = 0;
                return n;
            } catch (IOException e) {
                openAgain(e);
            }
        }
    }

    private void openAgain(IOException because) {
        if (failures >= mostFailures || Thread.currentThread().isInterrupted()) {
            throw broken(because);
        }
        failures++;
        LOG.debug("The blob {} goes on at {}.", digest, offset, because);
        try {
            in.close();
        } catch (IOException e) {
            because.addSuppressed(e);
        }
        try {
            in = source.from(offset);
        } catch (IOException e) {
            e.addSuppressed(because);
            throw broken(e);
        }
    }

    private ProblemException broken(IOException e) {
        if (Thread.currentThread().isInterrupted()) {
            return new Problem("content.interrupted", "Reading the blob " + digest + " was interrupted.")
                    .asException(e);
        }
        return new Problem(
                        "content.unavailable",
                        "Reading the blob " + digest + " broke after " + offset + " of " + end + " bytes.",
                        "Look at the place where content is kept, and try again.")
                .asException(e);
    }

    /** How many bytes can be read without asking the source again isn't known. */
    @Override
    public int available() {
        return 0;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
