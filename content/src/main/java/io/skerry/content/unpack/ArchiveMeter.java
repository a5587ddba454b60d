package io.skerry.content.unpack;

import io.skerry.spec.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/**
 * The uncompressed archive on its way to the tar reader: hashed, counted, and bounded. While headers are read it keeps their
 * bytes, and bounds them too, because the reader would take headers of any length into memory.
 */
final class ArchiveMeter extends InputStream {
    /** Long names, extended attributes and sparse maps of one entry together; real ones take a few hundred bytes. */
    static final int MOST_HEADER_BYTES = 256 * 1024;

    private final InputStream archive;
    private final long most;
    private final MessageDigest hash = Digest.sha256();
    private final ByteArrayOutputStream header = new ByteArrayOutputStream(1024);
    private boolean inHeader;
    private long headerStart;
    private long total;

    ArchiveMeter(InputStream archive, long most) {
        this.archive = archive;
        this.most = most;
    }

    void beginHeader() {
        inHeader = true;
        header.reset();
        headerStart = total;
    }

    void endHeader() {
        inHeader = false;
    }

    /** The records read since {@link #beginHeader}, without the padding of the entry before. */
    byte[] headerRecords() {
        byte[] read = header.toByteArray();
        int padding = Math.min(read.length, Math.floorMod(-headerStart, 512));
        byte[] records = new byte[read.length - padding];
        System.arraycopy(read, padding, records, 0, records.length);
        return records;
    }

    /** Reads what is left, and gives the digest of all. */
    Digest drained() throws IOException {
        byte[] rest = new byte[16 * 1024];
        while (read(rest, 0, rest.length) >= 0) {
            // Only the hash wants it.
        }
        return Digest.of(hash);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int n = archive.read(buffer, offset, length);
        if (n <= 0) {
            return n;
        }
        hash.update(buffer, offset, n);
        total += n;
        if (total > most) {
            throw LayerProblems.tooLarge("the " + most + " bytes that are allowed for it");
        }
        if (inHeader) {
            if (header.size() + n > MOST_HEADER_BYTES) {
                throw LayerProblems.corrupt("the headers of an entry take more than " + MOST_HEADER_BYTES + " bytes");
            }
            header.write(buffer, offset, n);
        }
        return n;
    }
}
