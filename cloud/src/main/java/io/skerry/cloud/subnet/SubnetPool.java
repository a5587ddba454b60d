package io.skerry.cloud.subnet;

import io.skerry.spec.Problem;
import io.skerry.spec.network.Subnet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/**
 * The slices that a customer's instances have, which never overlap, whichever services' ranges they were cut from. A slice is
 * an instance's from when it is added until its row is gone.
 */
public final class SubnetPool {
    private SubnetPool() {}

    /**
     * Gives instances of one service, whose rows are there, a slice of their own each, if the service has such.
     *
     * @param shared what all services of the customer have for all their instances alike
     * @return {@code subnet.exhausted} for each that got none, in place of it
     */
    public static Map<String, Problem> give(
            Handle h, String customerId, List<String> instanceIds, LanSubnet lan, List<AddressBlock> shared) {
        if (lan.template().isEmpty() || instanceIds.isEmpty()) {
            return Map.of();
        }
        Subnet template = lan.template().get();
        begin(h, customerId);
        var slices = new Slices(lan.provided(), template);
        List<AddressBlock> given = new ArrayList<>(given(h, customerId, slices.bounds()));
        Map<String, Problem> without = new LinkedHashMap<>();
        for (String instanceId : instanceIds) {
            var taken = new ArrayList<>(given);
            taken.addAll(shared);
            taken.sort(Comparator.comparingLong(AddressBlock::first));
            slices.free(taken)
                    .ifPresentOrElse(
                            slice -> {
                                keep(h, instanceId, slice);
                                given.add(slice);
                            },
                            () -> without.put(instanceId, exhausted(lan.provided(), template, slices, given.size())));
        }
        return without;
    }

    private static void keep(Handle h, String instanceId, AddressBlock slice) {
        h.createUpdate("UPDATE instances SET slice_first = :first, slice_last = :last WHERE instance_id = :id")
                .bind("first", slice.first())
                .bind("last", slice.last())
                .bind("id", instanceId)
                .execute();
    }

    private static Problem exhausted(Subnet provided, Subnet template, Slices slices, int given) {
        return new Problem(
                "subnet.exhausted",
                "There is no free range left: of the " + slices.count() + " ranges of /" + template.bits() + " from "
                        + Subnet.dotted(template.first()) + " to " + Subnet.dotted(provided.last())
                        + " each has an address that is given already, to " + given
                        + " instances of the customer or as the shared range of one of its services.",
                "Remove instances that aren't needed, or import a service with a larger access_provided_subnet or"
                        + " smaller ranges.");
    }

    /**
     * Before a service has these addresses for all its instances alike.
     *
     * @throws io.skerry.spec.ProblemException {@code subnet.overlap} when an instance has some of them for itself
     */
    public static void refuseGiven(Handle h, String customerId, AddressBlock shared) {
        begin(h, customerId);
        List<AddressBlock> given = given(h, customerId, shared);
        if (!given.isEmpty()) {
            throw new Problem(
                            "subnet.overlap",
                            "The range from " + Subnet.dotted(shared.first()) + " to " + Subnet.dotted(shared.last())
                                    + " would be the same for all instances of the service, and overlaps "
                                    + given.size() + " ranges that instances of the customer have for themselves, the"
                                    + " first of them from "
                                    + Subnet.dotted(given.getFirst().first()) + " to "
                                    + Subnet.dotted(given.getFirst().last()) + ".",
                            "Choose one outside of these.")
                    .asException();
        }
    }

    /** Has others wait who give slices of this customer's addresses. */
    private static void begin(Handle h, String customerId) {
        h.createUpdate("INSERT INTO subnet_pools (customer_id, given) VALUES (:customer, 1)"
                        + " ON CONFLICT (customer_id) DO UPDATE SET given = subnet_pools.given + 1")
                .bind("customer", customerId)
                .execute();
    }

    private static List<AddressBlock> given(Handle h, String customerId, AddressBlock within) {
        return h.createQuery("SELECT slice_first, slice_last FROM instances WHERE customer_id = :customer"
                        + " AND slice_first <= :last AND slice_last >= :first ORDER BY slice_first")
                .bind("customer", customerId)
                .bind("first", within.first())
                .bind("last", within.last())
                .map((rs, c) -> new AddressBlock(rs.getLong(1), rs.getLong(2)))
                .list();
    }
}
