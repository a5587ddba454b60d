package io.skerry.cli.service;

import io.skerry.cli.api.Documents;
import io.skerry.cli.api.ServiceSummary;
import io.skerry.cli.output.Cell;
import io.skerry.cli.output.Column;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.output.Table;
import io.skerry.cli.output.View;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Shows the customer's services. */
@Command(name = "ls", description = "List the customer's services with their newest versions.")
public final class ServiceList implements Callable<Integer> {
    private final CommandContext context;

    public ServiceList(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        context.output()
                .show(
                        Documents.of(ServiceSummary.class).list(),
                        session.fleet().services(session.customer().customerId()),
                        ServiceList::lines);
        return ExitCode.DONE.number();
    }

    static List<String> lines(List<ServiceSummary> services, View view) {
        Table table = new Table(
                Column.flexible("NAME"),
                Column.fixed("VERSION"),
                Column.flexible("IMAGE"),
                Column.fixed("AGE"),
                Column.droppable("ID"));
        services.forEach(s -> table.row(
                Cell.of(s.name()),
                Cell.of(s.containerVersion()),
                Cell.of(s.containerImage()),
                Cell.dim(view.ago(s.createdAt())),
                Cell.dim(s.nodeServiceId())));
        return table.lines(view);
    }
}
