package io.skerry.spec.network;

import io.avaje.jsonb.Json;
import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An IPv4 address with the length of its subnet's prefix, as in {@code 10.190.0.1/16}. An address without host bits stands
 * for its subnet, and the first address of that is meant where one is needed (seed 002, "Network configurations").
 *
 * @param address 0 to 2^32 - 1
 * @param bits the prefix's length, {@link #SHORTEST} to {@link #LONGEST}
 */
@Json
public record Subnet(long address, int bits) {
    /** No network that people number themselves is larger. */
    public static final int SHORTEST = 8;

    /** Room for two hosts beside the subnet's own address and its broadcast. */
    public static final int LONGEST = 30;

    private static final Pattern FORM = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})/(\\d{1,2})");

    /** @throws io.skerry.spec.ProblemException {@code subnet.malformed} when it is out of bounds, or no host's */
    public Subnet {
        fault(address, bits, "'" + written(address, bits) + "'").ifPresent(problem -> {
            throw problem.asException();
        });
    }

    /**
     * Reads one.
     *
     * @param field what is being read, for the message
     * @throws io.skerry.spec.ProblemException {@code subnet.malformed}, naming the field
     */
    public static Subnet parse(String field, String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw malformed(field + " ('" + Text.shortened(text, 40) + "')").asException();
        }
        long address = 0;
        for (int i = 1; i <= 4; i++) {
            int part = Integer.parseInt(parts.group(i));
            if (part > 255 || !parts.group(i).equals(String.valueOf(part))) {
                throw malformed(field + " ('" + text + "')").asException();
            }
            address = address << 8 | part;
        }
        int bits = Integer.parseInt(parts.group(5));
        fault(address, bits, field + " ('" + text + "')").ifPresent(problem -> {
            throw problem.asException();
        });
        return new Subnet(address, bits);
    }

    private static Optional<Problem> fault(long address, int bits, String what) {
        long network = address >> 24;
        if (bits < SHORTEST || bits > LONGEST || network < 1 || network > 223 || network == 127) {
            return Optional.of(malformed(what));
        }
        return address == (address | hostMask(bits))
                ? Optional.of(malformed(what + ", the broadcast address of its subnet,"))
                : Optional.empty();
    }

    private static Problem malformed(String what) {
        return new Problem(
                "subnet.malformed",
                what + " isn't an IPv4 subnet that a host can be in.",
                "Write an address and a prefix length from " + SHORTEST + " to " + LONGEST
                        + ", as in 10.190.0.1/16 or 192.168.0.0/24.");
    }

    /** The subnet's lowest address. */
    public long first() {
        return address & ~hostMask(bits);
    }

    /** The subnet's highest address. */
    public long last() {
        return address | hostMask(bits);
    }

    /** How many addresses it has. */
    public long size() {
        return hostMask(bits) + 1;
    }

    /** The address that an interface gets: this one, or the first of a subnet that is given without host bits. */
    public long host() {
        return address == first() ? address + 1 : address;
    }

    /** Whether all of another is in this one. */
    public boolean contains(Subnet other) {
        return first() <= other.first() && other.last() <= last();
    }

    /** Another subnet of this size, in which the same host is meant. */
    public Subnet at(long first) {
        return new Subnet(first + host() - first(), bits);
    }

    /** The subnet without its host, as in {@code 10.190.0.0/16}. */
    public String network() {
        return written(first(), bits);
    }

    /** {@code address/bits}, as it is parsed. */
    @Override
    public String toString() {
        return written(address, bits);
    }

    /** An address as four numbers. */
    public static String dotted(long address) {
        return (address >> 24 & 255) + "." + (address >> 16 & 255) + "." + (address >> 8 & 255) + "." + (address & 255);
    }

    private static String written(long address, int bits) {
        return dotted(address) + "/" + bits;
    }

    private static long hostMask(int bits) {
        return (1L << (32 - bits)) - 1;
    }
}
