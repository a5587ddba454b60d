package io.skerry.cloud.egress;

import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which addresses the cloud may call on behalf of a customer.
 *
 * <p>Private, unique-local and loopback addresses are refused unless the installation allows them. Link-local addresses
 * (where clouds keep their metadata services), multicast and reserved ones are refused always.
 *
 * @param privateAllowed whether private, unique-local and loopback addresses may be called
 * @param privateHosts hosts that may have such addresses even so
 * @param setting the option of the cloud's command line that allows them
 */
public record EgressPolicy(boolean privateAllowed, Set<String> privateHosts, String setting) {
    /** The option of the cloud's command line that allows private addresses. */
    public static final String SETTING = "--allow-private-registries";

    public EgressPolicy {
        // Names of hosts have no case.
        privateHosts = privateHosts.stream().map(EgressPolicy::lower).collect(Collectors.toUnmodifiableSet());
    }

    private static String lower(String host) {
        return host.toLowerCase(Locale.ROOT);
    }

    /** For what customers name. */
    public EgressPolicy(boolean privateAllowed) {
        this(privateAllowed, Set.of(), SETTING);
    }

    /**
     * Those of a host's addresses that may be called, in their order.
     *
     * @throws io.skerry.spec.ProblemException {@code egress.refused} when there is none, naming host and setting
     */
    List<InetAddress> allowed(String host, Collection<InetAddress> addresses) {
        boolean named = privateHosts.contains(lower(host));
        List<InetAddress> allowed =
                addresses.stream().filter(a -> allows(a, named)).toList();
        if (allowed.isEmpty()) {
            throw refusal(host, addresses);
        }
        return allowed;
    }

    /** Whether this address may be called. */
    boolean allows(InetAddress address) {
        return allows(address, false);
    }

    private boolean allows(InetAddress address, boolean named) {
        return switch (AddressKind.of(address)) {
            case PUBLIC -> true;
            case PRIVATE, LOOPBACK -> privateAllowed || named;
            case LINK_LOCAL, MULTICAST, RESERVED -> false;
        };
    }

    private RuntimeException refusal(String host, Collection<InetAddress> addresses) {
        String kinds = addresses.stream()
                .map(a -> AddressKind.of(a).words())
                .distinct()
                .collect(Collectors.joining(" and "));
        boolean settable = addresses.stream()
                .map(AddressKind::of)
                .anyMatch(k -> k == AddressKind.PRIVATE || k == AddressKind.LOOPBACK);
        return new Problem(
                        "egress.refused",
                        "'" + Text.shortened(host, 200) + "' has a " + kinds
                                + " address, and this installation doesn't call those.",
                        settable
                                ? "Start the cloud with " + setting + " if it may call private addresses."
                                : "Name a host with a public address; " + setting + " doesn't allow this kind.")
                .asException();
    }
}
