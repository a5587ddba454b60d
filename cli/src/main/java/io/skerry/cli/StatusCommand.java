package io.skerry.cli;

import io.avaje.jsonb.Json;
import io.skerry.cli.api.Customer;
import io.skerry.cli.api.Documents;
import io.skerry.cli.api.Fleet;
import io.skerry.cli.api.Instance;
import io.skerry.cli.api.InstanceFilter;
import io.skerry.cli.api.NodeSummary;
import io.skerry.cli.api.ServiceSummary;
import io.skerry.cli.instance.InstanceTable;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.output.Facts;
import io.skerry.cli.output.Tone;
import io.skerry.cli.output.View;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** Shows at a glance how the fleet is. */
@Command(
        name = "status",
        description = "Show how the fleet is: its devices, its services, and which instances aren't well and why.")
final class StatusCommand implements Callable<Integer> {
    private final CommandContext context;

    /**
     * What a script reads.
     *
     * @param notWell the instances that aren't as they were asked for
     */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Status(
            String cloud,
            List<Customer> customers,
            int nodes,
            int nodesOnline,
            int services,
            int instances,
            List<Instance> notWell) {}

    StatusCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        context.output().show(Documents.of(Status.class), status(context.session()), StatusCommand::lines);
        return ExitCode.DONE.number();
    }

    private static Status status(Session session) {
        Fleet fleet = session.fleet();
        List<Customer> customers = session.customers();
        List<NodeSummary> nodes = new ArrayList<>();
        List<ServiceSummary> services = new ArrayList<>();
        List<Instance> instances = new ArrayList<>();
        for (Customer customer : customers) {
            nodes.addAll(fleet.nodes(customer.customerId()));
            services.addAll(fleet.services(customer.customerId()));
            instances.addAll(fleet.instances(InstanceFilter.all(customer.customerId())));
        }
        return new Status(
                fleet.endpoint().toString(),
                customers,
                nodes.size(),
                (int) nodes.stream().filter(NodeSummary::online).count(),
                services.size(),
                instances.size(),
                instances.stream().filter(i -> !InstanceTable.asAsked(i)).toList());
    }

    static List<String> lines(Status status, View view) {
        int well = status.instances() - status.notWell().size();
        List<String> lines = new ArrayList<>(new Facts()
                .fact("Cloud", status.cloud())
                .fact(
                        status.customers().size() == 1 ? "Customer" : "Customers",
                        status.customers().stream()
                                .map(Customer::name)
                                .limit(20)
                                .collect(Collectors.joining(", ")))
                .fact(
                        "Nodes",
                        status.nodesOnline() + " of " + status.nodes() + " online",
                        all(status.nodesOnline(), status.nodes()))
                .fact("Services", Integer.toString(status.services()))
                .fact("Instances", well + " of " + status.instances() + " well", all(well, status.instances()))
                .lines(view));
        if (!status.notWell().isEmpty()) {
            lines.add("");
            lines.addAll(InstanceTable.lines(status.notWell(), view));
        }
        return lines;
    }

    private static Tone all(int some, int whole) {
        return some == whole ? Tone.GOOD : Tone.BAD;
    }
}
