package io.skerry.content.unpack;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/**
 * The calls of the C library that Java has no words for. Loaded with the first layer that needs one, because the
 * foreign-function machinery takes some megabytes.
 */
@SuppressWarnings("restricted") // the program is started with native access enabled
final class LinuxFiles {
    static final int CHARACTER_DEVICE = 0020000;
    static final int BLOCK_DEVICE = 0060000;
    static final int FIFO = 0010000;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle MKNOD = handle(
            "mknod",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
    private static final MethodHandle LSETXATTR = handle(
            "lsetxattr",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT));
    private static final MethodHandle STRERROR = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("strerror"),
            FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));

    private LinuxFiles() {}

    /** Makes a device node or a named pipe. */
    static void makeNode(Path path, int type, int mode, int major, int minor) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int result = (int)
                    MKNOD.invokeExact(state, arena.allocateFrom(path.toString()), type | mode, device(major, minor));
            check(result, state, "mknod", path);
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("mknod is declared to throw nothing", e);
        }
    }

    /** Sets an extended attribute, of a symbolic link itself if it is one. */
    static void setAttribute(Path path, String name, byte[] value) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            MemorySegment bytes = arena.allocate(Math.max(1, value.length));
            MemorySegment.copy(value, 0, bytes, ValueLayout.JAVA_BYTE, 0, value.length);
            int result = (int) LSETXATTR.invokeExact(
                    state,
                    arena.allocateFrom(path.toString()),
                    arena.allocateFrom(name),
                    bytes,
                    (long) value.length,
                    0);
            check(result, state, "setting " + name, path);
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("lsetxattr is declared to throw nothing", e);
        }
    }

    /** A device number as glibc's makedev makes it. */
    private static long device(int major, int minor) {
        long high = Integer.toUnsignedLong(major);
        long low = Integer.toUnsignedLong(minor);
        return (high & 0xfffL) << 8 | (high & ~0xfffL) << 32 | (low & 0xffL) | (low & ~0xffL) << 12;
    }

    private static void check(int result, MemorySegment state, String what, Path path) throws Throwable {
        if (result != 0) {
            int errno = (int) ERRNO.get(state, 0L);
            MemorySegment words = (MemorySegment) STRERROR.invokeExact(errno);
            throw new IOException(
                    path + ": " + what + ": " + words.reinterpret(256).getString(0));
        }
    }

    private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), descriptor, Linker.Option.captureCallState("errno"));
    }
}
