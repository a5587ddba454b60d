package io.skerry.content.unpack;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** Tells by a layer's first bytes how it is compressed: media types say it too, but not all of them rightly. */
final class Decompression {
    private static final int BUFFER = 64 * 1024;
    /** 32 MiB, the most that the builders of images use; a decoder must hold a window in memory. */
    private static final int LARGEST_ZSTD_WINDOW_LOG = 25;

    private Decompression() {}

    /** The archive, uncompressed. */
    static InputStream of(InputStream layer) throws IOException {
        BufferedInputStream in = new BufferedInputStream(layer, BUFFER);
        in.mark(4);
        byte[] magic = in.readNBytes(4);
        in.reset();
        if (starts(magic, 0x1f, 0x8b)) {
            return new GZIPInputStream(new Peeking(in), BUFFER);
        }
        if (starts(magic, 0x28, 0xb5, 0x2f, 0xfd)) {
            ZstdInputStreamNoFinalizer zstd = new ZstdInputStreamNoFinalizer(in);
            zstd.setLongMax(LARGEST_ZSTD_WINDOW_LOG);
            return zstd;
        }
        return in;
    }

    /**
     * Tells by {@link #available} whether more comes: the JDK's gzip reader asks that before it looks for another member, and
     * some builders write one for each file.
     */
    private static final class Peeking extends FilterInputStream {
        private Peeking(BufferedInputStream in) {
            super(in);
        }

        @Override
        public int available() throws IOException {
            in.mark(1);
            int next = in.read();
            in.reset();
            return next < 0 ? 0 : 1;
        }
    }

    private static boolean starts(byte[] bytes, int... magic) {
        if (bytes.length < magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if ((bytes[i] & 0xff) != magic[i]) {
                return false;
            }
        }
        return true;
    }
}
