package io.skerry.lab.vm;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Serves a disk to one client by the NBD protocol (its specification's {@code proto.md}: fixed newstyle handshake, simple
 * replies) on a Unix socket: reads, writes, flushes and writes that are durable at once. Requests are carried out one after the
 * other, in the order in which they come.
 */
final class NbdServer implements AutoCloseable {
    private static final long MAGIC = 0x4e42444d41474943L;
    private static final long OPTION_MAGIC = 0x49484156454f5054L;
    private static final long OPTION_REPLY_MAGIC = 0x3e889045565a9L;
    private static final int REQUEST_MAGIC = 0x25609513;
    private static final int REPLY_MAGIC = 0x67446698;
    private static final int FIXED_NEWSTYLE = 1;
    private static final int NO_ZEROES = 2;
    /** HAS_FLAGS, SEND_FLUSH, SEND_FUA. */
    private static final int DISK_FLAGS = 1 | 4 | 8;

    private static final int MOST_BYTES = 32 << 20;
    private static final int EIO = 5;
    private static final int EINVAL = 22;

    private final VolatileDisk disk;
    private final ServerSocketChannel listening;
    private final Thread thread;

    NbdServer(VolatileDisk disk, Path socket) {
        this.disk = disk;
        try {
            this.listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            listening.bind(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.thread = Thread.ofPlatform().daemon().name("disk").start(this::serve);
    }

    private void serve() {
        try (SocketChannel client = listening.accept();
                DataInputStream in =
                        new DataInputStream(new BufferedInputStream(Channels.newInputStream(client), 1 << 18));
                DataOutputStream out = new DataOutputStream(Channels.newOutputStream(client))) {
            if (negotiate(in, out)) {
                while (answer(in, out)) {
                    // One request after the other.
                }
            }
        } catch (IOException e) {
            // The client was killed, or the server closed: what came until then counts.
        }
    }

    private boolean negotiate(DataInputStream in, DataOutputStream out) throws IOException {
        out.write(message(18)
                .putLong(MAGIC)
                .putLong(OPTION_MAGIC)
                .putShort((short) (FIXED_NEWSTYLE | NO_ZEROES))
                .array());
        boolean zeroes = (in.readInt() & NO_ZEROES) == 0;
        while (true) {
            if (in.readLong() != OPTION_MAGIC) {
                throw new IOException("not an NBD client");
            }
            int option = in.readInt();
            byte[] data = in.readNBytes(bounded(in.readInt(), 64 << 10));
            switch (option) {
                case 1 -> { // EXPORT_NAME: any name is this disk.
                    out.write(message(zeroes ? 134 : 10)
                            .putLong(disk.size())
                            .putShort((short) DISK_FLAGS)
                            .array());
                    return true;
                }
                case 2 -> { // ABORT
                    reply(out, option, 1, new byte[0]);
                    return false;
                }
                case 6, 7 -> { // INFO, GO
                    reply(
                            out,
                            option,
                            3,
                            message(12)
                                    .putShort((short) 0)
                                    .putLong(disk.size())
                                    .putShort((short) DISK_FLAGS)
                                    .array());
                    reply(
                            out,
                            option,
                            3,
                            message(14)
                                    .putShort((short) 3)
                                    .putInt(WriteCache.SECTOR)
                                    .putInt(WriteCache.BLOCK)
                                    .putInt(MOST_BYTES)
                                    .array());
                    reply(out, option, 1, new byte[0]);
                    if (option == 7) {
                        return true;
                    }
                }
                default ->
                    reply(
                            out,
                            option,
                            0x80000001,
                            ("option " + option + " with " + data.length + " bytes isn't known")
                                    .getBytes(StandardCharsets.US_ASCII));
            }
        }
    }

    private static void reply(DataOutputStream out, int option, int type, byte[] data) throws IOException {
        out.write(message(20 + data.length)
                .putLong(OPTION_REPLY_MAGIC)
                .putInt(option)
                .putInt(type)
                .putInt(data.length)
                .put(data)
                .array());
    }

    /** Carries out a request; whether another may follow. */
    private boolean answer(DataInputStream in, DataOutputStream out) throws IOException {
        int magic;
        try {
            magic = in.readInt();
        } catch (EOFException e) {
            return false;
        }
        if (magic != REQUEST_MAGIC) {
            throw new IOException("not an NBD request");
        }
        boolean durable = (in.readShort() & 1) != 0;
        int type = in.readShort();
        long handle = in.readLong();
        long offset = in.readLong();
        int length = bounded(in.readInt(), MOST_BYTES);
        byte[] written = type == 1 ? whole(in, length) : new byte[0];
        if (type == 2) {
            return false;
        }
        byte[] read = type == 0 ? new byte[length] : new byte[0];
        int error = 0;
        if (offset < 0 || offset + length > disk.size()) {
            error = EINVAL;
        } else {
            try {
                switch (type) {
                    case 0 -> disk.read(offset, ByteBuffer.wrap(read));
                    case 1 -> disk.write(offset, ByteBuffer.wrap(written), durable);
                    case 3 -> disk.flush();
                    default -> error = EINVAL;
                }
            } catch (IOException | UncheckedIOException e) {
                error = EIO;
            }
        }
        out.write(message(error == 0 ? 16 + read.length : 16)
                .putInt(REPLY_MAGIC)
                .putInt(error)
                .putLong(handle)
                .put(read, 0, error == 0 ? read.length : 0)
                .array());
        return true;
    }

    private static byte[] whole(DataInputStream in, int length) throws IOException {
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }

    private static int bounded(int length, int most) throws IOException {
        if (length < 0 || length > most) {
            throw new IOException("a length of " + Integer.toUnsignedString(length) + " bytes");
        }
        return length;
    }

    private static ByteBuffer message(int bytes) {
        return ByteBuffer.allocate(bytes);
    }

    /** Ends when its client was killed and all that came of it is carried out, up to where the disk stands still. */
    @Override
    public void close() {
        disk.powerOff();
        try {
            listening.close();
            thread.join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
