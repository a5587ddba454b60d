package io.skerry.cli.customer;

import io.skerry.cli.api.Customer;
import io.skerry.cli.api.Documents;
import io.skerry.cli.output.Cell;
import io.skerry.cli.output.Column;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.output.Table;
import io.skerry.cli.output.View;
import io.skerry.cli.session.CommandContext;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Shows the customers that the key may see. */
@Command(name = "ls", description = "List the customers that your key may see.")
public final class CustomerList implements Callable<Integer> {
    private final CommandContext context;

    public CustomerList(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        context.output()
                .show(
                        Documents.of(Customer.class).list(),
                        context.session().fleet().customers(),
                        CustomerList::lines);
        return ExitCode.DONE.number();
    }

    static List<String> lines(List<Customer> customers, View view) {
        Table table = new Table(Column.flexible("NAME"), Column.fixed("AGE"), Column.droppable("ID"));
        customers.forEach(
                c -> table.row(Cell.of(c.name()), Cell.dim(view.ago(c.createdAt())), Cell.dim(c.customerId())));
        return table.lines(view);
    }
}
