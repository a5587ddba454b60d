package io.skerry.cloud.egress;

import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Which addresses the cloud may call on behalf of a customer.
 *
 * <p>Private, unique-local and loopback addresses are refused unless the installation allows them. Link-local addresses
 * (where clouds keep their metadata services), multicast and reserved ones are refused always.
 *
 * @param privateAllowed whether private, unique-local and loopback addresses may be called
 */
public record EgressPolicy(boolean privateAllowed) {
    /** The option of the cloud's command line that allows private addresses. */
    public static final String SETTING = "--allow-private-registries";

    /**
     * Those of a host's addresses that may be called, in their order.
     *
     * @throws io.skerry.spec.ProblemException {@code egress.refused} when there is none, naming host and setting
     */
    List<InetAddress> allowed(String host, Collection<InetAddress> addresses) {
        List<InetAddress> allowed = addresses.stream().filter(this::allows).toList();
        if (allowed.isEmpty()) {
            throw refusal(host, addresses);
        }
        return allowed;
    }

    /** Whether this address may be called. */
    boolean allows(InetAddress address) {
        return switch (AddressKind.of(address)) {
            case PUBLIC -> true;
            case PRIVATE, LOOPBACK -> privateAllowed;
            case LINK_LOCAL, MULTICAST, RESERVED -> false;
        };
    }

    private static RuntimeException refusal(String host, Collection<InetAddress> addresses) {
        String kinds = addresses.stream()
                .map(a -> AddressKind.of(a).words())
                .distinct()
                .collect(Collectors.joining(" and "));
        boolean setting = addresses.stream()
                .map(AddressKind::of)
                .anyMatch(k -> k == AddressKind.PRIVATE || k == AddressKind.LOOPBACK);
        return new Problem(
                        "egress.refused",
                        "'" + Text.shortened(host, 200) + "' has a " + kinds
                                + " address, and this installation doesn't call those.",
                        setting
                                ? "Start the cloud with " + SETTING + " if it may call private addresses."
                                : "Name a host with a public address; " + SETTING + " doesn't allow this kind.")
                .asException();
    }
}
