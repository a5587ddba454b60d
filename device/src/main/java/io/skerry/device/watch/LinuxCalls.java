package io.skerry.device.watch;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The calls of the C library that the watch needs and Java has no words for. Made only where a watchdog or systemd asks for
 * beats, because the foreign-function machinery takes some megabytes. The constants are those of Linux on amd64, arm64 and
 * armhf.
 */
@SuppressWarnings("restricted") // the program is started with native access enabled
final class LinuxCalls {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int CLOSE_ON_EXEC = 02000000; // O_CLOEXEC and SOCK_CLOEXEC
    private static final int O_WRONLY = 1;
    private static final int O_NONBLOCK = 04000;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;
    /** {@code struct sockaddr_un}: the family, then the name. */
    private static final int NAME_AT = 2;

    /** How long a name of a socket can be. */
    static final int MOST_NAME_BYTES = 107;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout ADDRESS = ValueLayout.ADDRESS;

    private final Linker linker;
    private final StructLayout callState = Linker.Option.captureStateLayout();
    private final VarHandle errno = callState.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private final MethodHandle socket;
    private final MethodHandle sendto;
    private final MethodHandle open;
    private final MethodHandle write;
    private final MethodHandle ioctl;
    private final MethodHandle close;
    private final MethodHandle strerror;

    private LinuxCalls(Linker linker) {
        this.linker = linker;
        MemoryLayout size = canonical("size_t");
        socket = handle("socket", FunctionDescriptor.of(INT, INT, INT, INT));
        sendto = handle("sendto", FunctionDescriptor.of(size, INT, ADDRESS, size, INT, ADDRESS, INT));
        open = handle("open", FunctionDescriptor.of(INT, ADDRESS, INT), Linker.Option.firstVariadicArg(2));
        write = handle("write", FunctionDescriptor.of(size, INT, ADDRESS, size));
        ioctl = handle(
                "ioctl",
                FunctionDescriptor.of(INT, INT, canonical("long"), ADDRESS),
                Linker.Option.firstVariadicArg(2));
        close = handle("close", FunctionDescriptor.of(INT, INT));
        strerror = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("strerror"), FunctionDescriptor.of(ADDRESS, INT));
    }

    /** Empty on a platform whose Java can't call the C library. */
    static Optional<LinuxCalls> load() {
        try {
            return Optional.of(new LinuxCalls(Linker.nativeLinker()));
        } catch (UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    /** A datagram socket of the Unix kind, not bound to a name. */
    int datagramSocket() throws SystemCallException {
        return call("socket", state -> (int) socket.invokeExact(state, AF_UNIX, SOCK_DGRAM | CLOSE_ON_EXEC, 0));
    }

    /**
     * Sends a datagram, or fails when the receiver has no room for it now.
     *
     * @param name of the receiver: a path, or {@code @} and the rest of a name in the abstract namespace
     */
    void send(int descriptor, String name, byte[] message) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, message);
            MemorySegment address = arena.allocate(NAME_AT + MOST_NAME_BYTES + 1L);
            int length = fillAddress(address, name);
            call("sendto", state -> (int) (long) sendto.invokeExact(
                    state, descriptor, bytes, (long) message.length, MSG_DONTWAIT | MSG_NOSIGNAL, address, length));
        }
    }

    /** @throws IllegalArgumentException when the name is longer than such an address can hold */
    private static int fillAddress(MemorySegment address, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MOST_NAME_BYTES) {
            throw new IllegalArgumentException("the name of a socket has at most " + MOST_NAME_BYTES + " bytes");
        }
        boolean isAbstract = bytes[0] == '@';
        if (isAbstract) {
            bytes[0] = 0;
        }
        address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(bytes, 0, address, ValueLayout.JAVA_BYTE, NAME_AT, bytes.length);
        // An abstract name is as long as is said, a path ends with a zero.
        return NAME_AT + bytes.length + (isAbstract ? 0 : 1);
    }

    /** Opens a file to write to it, without making it, emptying it, or waiting for somebody who reads it. */
    int open(String path) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(path);
            return call("open", state -> (int) open.invokeExact(state, name, O_WRONLY | O_NONBLOCK | CLOSE_ON_EXEC));
        }
    }

    void write(int descriptor, byte content) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, content);
            call("write", state -> (int) (long) write.invokeExact(state, descriptor, bytes, 1L));
        }
    }

    /** A request whose argument points to a number that the device reads, writes or both; what stands there afterwards. */
    int ioctl(int descriptor, long request, int argument) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment number = arena.allocateFrom(INT, argument);
            call("ioctl", state -> (int) ioctl.invokeExact(state, descriptor, request, number));
            return number.get(INT, 0);
        }
    }

    void close(int descriptor) throws SystemCallException {
        call("close", state -> (int) close.invokeExact(state, descriptor));
    }

    @FunctionalInterface
    private interface Call {
        int with(MemorySegment state) throws Throwable;
    }

    private int call(String name, Call call) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(callState);
            int result = call.with(state);
            if (result < 0) {
                int code = (int) errno.get(state, 0L);
                MemorySegment words = (MemorySegment) strerror.invokeExact(code);
                throw new SystemCallException(name, code, words.reinterpret(256).getString(0));
            }
            return result;
        } catch (SystemCallException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(name + " is declared to throw nothing", e);
        }
    }

    private MemoryLayout canonical(String type) {
        MemoryLayout layout = linker.canonicalLayouts().get(type);
        if (layout == null) {
            throw new UnsupportedOperationException("the C type " + type + " isn't known");
        }
        return layout;
    }

    /** The function, with {@code long} for what is as wide as the machine's words. */
    private MethodHandle handle(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        Linker.Option[] all = Arrays.copyOf(options, options.length + 1);
        all[options.length] = Linker.Option.captureCallState("errno");
        MethodHandle handle = linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, all);
        return MethodHandles.explicitCastArguments(handle, widened(name, handle));
    }

    private static MethodType widened(String name, MethodHandle handle) {
        return switch (name) {
            case "sendto", "write" -> handle.type().changeReturnType(long.class).changeParameterType(3, long.class);
            case "ioctl" -> handle.type().changeParameterType(2, long.class);
            default -> handle.type();
        };
    }
}
