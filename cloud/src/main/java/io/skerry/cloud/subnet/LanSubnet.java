package io.skerry.cloud.subnet;

import io.avaje.jsonb.Json;
import io.skerry.spec.Problem;
import io.skerry.spec.Required;
import io.skerry.spec.network.Subnet;
import java.util.Optional;

/**
 * Where the LAN addresses of a service's instances come from (seed 002, "DHCP range templates").
 *
 * @param provided {@code access_provided_subnet}: what interfaces are in
 * @param template {@code dhcp_range_template}: the first of the slices, of which each instance has one of its own
 * @param range {@code dhcp_range}: what each instance has alike
 */
@Json(naming = Json.Naming.LowerUnderscore)
public record LanSubnet(Subnet provided, Optional<Subnet> template, Optional<Subnet> range) {
    private static final String PREFIX = "node_service_input.";

    /**
     * @throws io.skerry.spec.ProblemException {@code input.contradiction} for both a template and a range, {@code
     *     subnet.outside} for one that isn't within what is provided
     */
    public LanSubnet {
        Required.field(provided, "provided");
        Required.field(template, "template");
        Required.field(range, "range");
        if (template.isPresent() && range.isPresent()) {
            throw new Problem(
                            "input.contradiction",
                            PREFIX + "dhcp_range_template gives each instance a range of its own, and " + PREFIX
                                    + "dhcp_range gives all the same.",
                            "Give one of them, and the other as null when it is inherited.")
                    .asException();
        }
        Subnet whole = provided;
        template.ifPresent(t -> within(whole, "dhcp_range_template", t));
        range.ifPresent(r -> within(whole, "dhcp_range", r));
    }

    private static void within(Subnet provided, String field, Subnet part) {
        if (!provided.contains(part)) {
            throw new Problem(
                            "subnet.outside",
                            PREFIX + field + " (" + part + ") isn't within " + PREFIX + "access_provided_subnet ("
                                    + provided.network() + ").",
                            "Give a range of it that is at most as large.")
                    .asException();
        }
    }

    /**
     * The addresses that each instance has alike.
     *
     * @param served whether a DHCP server gives them out; else only the interface's own is used
     * @return nothing where each instance has its own
     */
    public Optional<AddressBlock> shared(boolean served) {
        if (template.isPresent()) {
            return Optional.empty();
        }
        return Optional.of(range.or(() -> Optional.of(provided).filter(p -> served))
                .map(AddressBlock::of)
                .orElseGet(() -> new AddressBlock(provided.host(), provided.host())));
    }

    /**
     * What one instance has.
     *
     * @param slice the lowest address of its own slice, where it has one
     */
    public LanAddress of(Optional<Long> slice) {
        Optional<Subnet> own = template.flatMap(t -> slice.map(t::at));
        Subnet served = own.or(() -> range).orElse(provided);
        return new LanAddress(new Subnet(served.host(), provided.bits()), served, own.isPresent());
    }
}
