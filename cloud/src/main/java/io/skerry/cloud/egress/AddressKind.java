package io.skerry.cloud.egress;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;

/** What an Internet address is for (IANA's special-purpose address registries). */
enum AddressKind {
    PUBLIC("public"),
    PRIVATE("private"),
    LOOPBACK("loopback"),
    LINK_LOCAL("link-local"),
    MULTICAST("multicast"),
    RESERVED("reserved");

    private final String words;

    AddressKind(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }

    static AddressKind of(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address instanceof Inet4Address ? ofV4(bytes) : ofV6(bytes);
    }

    private static AddressKind ofV4(byte[] b) {
        int first = b[0] & 0xff;
        int second = b[1] & 0xff;
        int third = b[2] & 0xff;
        return switch (first) {
            case 0 -> RESERVED;
            case 10 -> PRIVATE;
            case 100 -> second >= 64 && second < 128 ? PRIVATE : PUBLIC;
            case 127 -> LOOPBACK;
            case 169 -> second == 254 ? LINK_LOCAL : PUBLIC;
            case 172 -> second >= 16 && second < 32 ? PRIVATE : PUBLIC;
            case 192 -> second == 168 ? PRIVATE : second == 0 && (third == 0 || third == 2) ? RESERVED : PUBLIC;
            case 198 -> second == 18 || second == 19 || (second == 51 && third == 100) ? RESERVED : PUBLIC;
            case 203 -> second == 0 && third == 113 ? RESERVED : PUBLIC;
            default -> first >= 240 ? RESERVED : first >= 224 ? MULTICAST : PUBLIC;
        };
    }

    private static AddressKind ofV6(byte[] b) {
        int head = (b[0] & 0xff) << 8 | (b[1] & 0xff);
        if ((head & 0xff00) == 0xff00) {
            return MULTICAST;
        }
        if ((head & 0xfe00) == 0xfc00 || (head & 0xffc0) == 0xfec0) {
            return PRIVATE;
        }
        if ((head & 0xffc0) == 0xfe80) {
            return LINK_LOCAL;
        }
        if (isZero(b, 0, 15) && b[15] == 1) {
            return LOOPBACK;
        }
        if (isZero(b, 0, 16)) {
            return RESERVED;
        }
        // An IPv4 address in IPv6 clothing is judged as what it leads to.
        boolean mapped = isZero(b, 0, 10) && b[10] == -1 && b[11] == -1;
        boolean compatible = isZero(b, 0, 12);
        boolean translated = head == 0x64 && (b[2] & 0xff) == 0xff && (b[3] & 0xff) == 0x9b;
        if (mapped || compatible || translated) {
            return ofV4(Arrays.copyOfRange(b, 12, 16));
        }
        if (head == 0x2002) {
            return ofV4(Arrays.copyOfRange(b, 2, 6));
        }
        boolean documentation = head == 0x2001 && (b[2] & 0xff) == 0x0d && (b[3] & 0xff) == 0xb8;
        boolean teredo = head == 0x2001 && b[2] == 0 && b[3] == 0;
        return documentation || teredo ? RESERVED : PUBLIC;
    }

    private static boolean isZero(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
