package io.skerry.cloud.subnet;

import io.skerry.spec.network.Subnet;

/**
 * Addresses without a gap.
 *
 * @param first the lowest
 * @param last the highest
 */
public record AddressBlock(long first, long last) {
    static AddressBlock of(Subnet subnet) {
        return new AddressBlock(subnet.first(), subnet.last());
    }

    boolean overlaps(AddressBlock other) {
        return first <= other.last && other.first <= last;
    }
}
