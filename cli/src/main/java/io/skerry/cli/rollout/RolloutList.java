package io.skerry.cli.rollout;

import io.skerry.cli.api.Documents;
import io.skerry.cli.api.PhasedRollout;
import io.skerry.cli.api.ServiceSummary;
import io.skerry.cli.output.Cell;
import io.skerry.cli.output.Column;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.output.Table;
import io.skerry.cli.output.View;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows roll-outs, how far they are and why not further. */
@Command(name = "ls", description = "List roll-outs, the newest first: how far they are, and why not further.")
public final class RolloutList implements Callable<Integer> {
    private static final int SHOWN = 50;

    private final CommandContext context;

    @Parameters(paramLabel = "SERVICE", arity = "0..1", description = "Of this one alone, by name or id.")
    private @Nullable String wanted;

    public RolloutList(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        String customer = session.customer().customerId();
        Optional<String> service = Optional.ofNullable(wanted).map(session.lookup()::serviceId);
        Map<String, String> names = session.fleet().services(customer).stream()
                .collect(Collectors.toMap(ServiceSummary::nodeServiceId, ServiceSummary::name));
        context.output()
                .show(
                        Documents.of(PhasedRollout.class).list(),
                        session.fleet().phasedRollouts().list(customer, service, SHOWN),
                        (rollouts, view) -> lines(rollouts, names, view));
        return ExitCode.DONE.number();
    }

    static List<String> lines(List<PhasedRollout> rollouts, Map<String, String> names, View view) {
        Table table = new Table(
                Column.flexible("SERVICE"),
                Column.fixed("VERSION"),
                Column.fixed("STATE"),
                Column.fixed("PHASE"),
                Column.fixed("DONE"),
                Column.fixed("FAILED"),
                Column.fixed("UPDATING"),
                Column.fixed("WAITING"),
                Column.fixed("AWAY"),
                Column.fixed("SINCE"),
                Column.flexible("WHY"));
        for (PhasedRollout rollout : rollouts) {
            PhasedRollout.Progress progress = rollout.progress();
            table.row(
                    Cell.of(names.getOrDefault(rollout.nodeServiceId(), rollout.nodeServiceId())),
                    Cell.of(Integer.toString(rollout.containerVersion())),
                    Cell.of(rollout.state()),
                    Cell.of(rollout.phase() + " of " + rollout.phases().size()),
                    Cell.of(progress.done() + " of " + progress.total()),
                    Cell.of(Integer.toString(progress.failed())),
                    Cell.of(Integer.toString(progress.updating())),
                    Cell.of(Integer.toString(progress.waiting())),
                    Cell.of(Integer.toString(progress.unreachable())),
                    Cell.dim(view.ago(rollout.changedAt())),
                    Cell.of(rollout.reason().map(PhasedRollout.Why::message).orElse("")));
        }
        return table.lines(view);
    }
}
