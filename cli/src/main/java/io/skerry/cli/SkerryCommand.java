package io.skerry.cli;

import io.skerry.cli.customer.AuditList;
import io.skerry.cli.customer.CustomerAdd;
import io.skerry.cli.customer.CustomerList;
import io.skerry.cli.customer.CustomerRename;
import io.skerry.cli.customer.KeyAdd;
import io.skerry.cli.customer.KeyList;
import io.skerry.cli.customer.KeyRevoke;
import io.skerry.cli.customer.LoginRuleAdd;
import io.skerry.cli.customer.LoginRuleList;
import io.skerry.cli.customer.LoginRuleRemove;
import io.skerry.cli.group.GroupAdd;
import io.skerry.cli.group.GroupList;
import io.skerry.cli.group.GroupMove;
import io.skerry.cli.group.GroupRemove;
import io.skerry.cli.group.GroupRename;
import io.skerry.cli.group.GroupServiceAbsent;
import io.skerry.cli.group.GroupServiceList;
import io.skerry.cli.group.GroupServicePin;
import io.skerry.cli.group.GroupServiceRemove;
import io.skerry.cli.instance.ConfigList;
import io.skerry.cli.instance.ConfigRemove;
import io.skerry.cli.instance.ConfigSet;
import io.skerry.cli.instance.InstanceAdd;
import io.skerry.cli.instance.InstanceKeyAdd;
import io.skerry.cli.instance.InstanceKeyList;
import io.skerry.cli.instance.InstanceKeyRemove;
import io.skerry.cli.instance.InstanceKeyRotate;
import io.skerry.cli.instance.InstanceKeySet;
import io.skerry.cli.instance.InstanceList;
import io.skerry.cli.instance.InstancePin;
import io.skerry.cli.instance.InstanceRemove;
import io.skerry.cli.instance.InstanceRetry;
import io.skerry.cli.instance.InstanceShow;
import io.skerry.cli.instance.LogsCommand;
import io.skerry.cli.node.ClaimTokenList;
import io.skerry.cli.node.ClaimTokenRevoke;
import io.skerry.cli.node.NodeClaim;
import io.skerry.cli.node.NodeList;
import io.skerry.cli.node.NodeRemove;
import io.skerry.cli.node.NodeSet;
import io.skerry.cli.node.NodeShow;
import io.skerry.cli.output.Terminal;
import io.skerry.cli.output.View;
import io.skerry.cli.rollout.RolloutAbort;
import io.skerry.cli.rollout.RolloutApprove;
import io.skerry.cli.rollout.RolloutList;
import io.skerry.cli.rollout.RolloutMembers;
import io.skerry.cli.rollout.RolloutPause;
import io.skerry.cli.rollout.RolloutPolicyCommand;
import io.skerry.cli.rollout.RolloutResume;
import io.skerry.cli.rollout.RolloutRevert;
import io.skerry.cli.rollout.RolloutShow;
import io.skerry.cli.rollout.RolloutStart;
import io.skerry.cli.rollout.RolloutWatch;
import io.skerry.cli.service.ServiceDiff;
import io.skerry.cli.service.ServiceImportCommand;
import io.skerry.cli.service.ServiceList;
import io.skerry.cli.service.ServiceRemove;
import io.skerry.cli.service.ServiceRetire;
import io.skerry.cli.service.ServiceShow;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.GlobalOptions;
import io.skerry.cli.session.LoginCommand;
import io.skerry.cli.session.LogoutCommand;
import io.skerry.cli.session.Surroundings;
import io.skerry.cli.webhook.EventList;
import io.skerry.cli.webhook.WebhookCreate;
import io.skerry.cli.webhook.WebhookDeliveries;
import io.skerry.cli.webhook.WebhookList;
import io.skerry.cli.webhook.WebhookPing;
import io.skerry.cli.webhook.WebhookRedeliver;
import io.skerry.cli.webhook.WebhookRemove;
import io.skerry.cli.webhook.WebhookRotate;
import io.skerry.cli.webhook.WebhookSet;
import io.skerry.cli.webhook.WebhookShow;
import io.skerry.cli.window.WindowList;
import io.skerry.cli.window.WindowOpen;
import io.skerry.cli.window.WindowRemove;
import io.skerry.cli.window.WindowSet;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.ColorScheme;

/** The operators' command line: {@code skerry NOUN VERB}. */
public final class SkerryCommand {
    private static final int WIDEST_HELP = 120;
    private static final int NARROWEST_HELP = 60;

    private SkerryCommand() {}

    @SuppressWarnings("SystemExitOutsideMain")
    public static void main(String[] arguments) {
        System.exit(run(Surroundings.ofProcess(), arguments));
    }

    /** Carries out one command line and returns its exit code, without ending the process. */
    public static int run(Surroundings surroundings, String... arguments) {
        GlobalOptions options = new GlobalOptions();
        CommandContext context = new CommandContext(surroundings, options);
        Failures failures = new Failures(context);
        Terminal terminal = surroundings.terminal();
        CommandLine line = line(options, context)
                .setOut(writer(terminal.out()))
                .setErr(writer(terminal.err()))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setColorScheme(new ColorScheme.Builder(terminal.interactive() ? Ansi.AUTO : Ansi.OFF).build())
                .setUsageHelpWidth(
                        terminal.width() == View.UNLIMITED
                                ? WIDEST_HELP
                                : Math.clamp(terminal.width(), NARROWEST_HELP, WIDEST_HELP))
                .setExecutionExceptionHandler(failures)
                .setParameterExceptionHandler(failures);
        withShortSynopsis(line);
        line.getCommandSpec().version("skerry " + VersionCommand.current());
        int code = line.execute(arguments.length == 0 ? new String[] {"--help"} : arguments);
        terminal.out().flush();
        terminal.err().flush();
        return code;
    }

    private static CommandLine line(GlobalOptions options, CommandContext context) {
        return new CommandLine(new RootCommand(options))
                .addSubcommand(new StatusCommand(context))
                .addSubcommand(Group.of(
                        "service",
                        "What can run on devices: images with their settings, in versions.",
                        new ServiceImportCommand(context),
                        new ServiceList(context),
                        new ServiceShow(context),
                        new ServiceDiff(context),
                        new ServiceRetire(context),
                        new ServiceRemove(context)))
                .addSubcommand(Group.of(
                        "instance",
                        "A service on a device.",
                        new InstanceAdd(context),
                        new InstanceList(context),
                        new InstanceShow(context),
                        new InstanceRemove(context),
                        new InstancePin(context),
                        new InstanceRetry(context),
                        Group.of(
                                "config",
                                "The configuration files of one instance.",
                                new ConfigSet(context),
                                new ConfigList(context),
                                new ConfigRemove(context)),
                        Group.of(
                                "key",
                                "The API keys that one instance finds in its container.",
                                new InstanceKeyAdd(context),
                                new InstanceKeyList(context),
                                new InstanceKeySet(context),
                                new InstanceKeyRotate(context),
                                new InstanceKeyRemove(context)),
                        new LogsCommand(context)))
                .addSubcommand(Group.of(
                        "event", "What happened to the fleet, for programs that follow it.", new EventList(context)))
                .addSubcommand(Group.of(
                        "webhook",
                        "Receivers that are told of events.",
                        new WebhookCreate(context),
                        new WebhookList(context),
                        new WebhookShow(context),
                        new WebhookSet(context),
                        new WebhookPing(context),
                        new WebhookDeliveries(context),
                        new WebhookRedeliver(context),
                        new WebhookRotate(context),
                        new WebhookRemove(context)))
                .addSubcommand(Group.of(
                        "rollout",
                        "How a service's newest version comes to its devices.",
                        new RolloutWatch(context),
                        new RolloutShow(context),
                        new RolloutList(context),
                        new RolloutMembers(context),
                        new RolloutPolicyCommand(context),
                        new RolloutStart(context),
                        new RolloutPause(context),
                        new RolloutResume(context),
                        new RolloutApprove(context),
                        new RolloutAbort(context),
                        new RolloutRevert(context)))
                .addSubcommand(new LogsCommand(context))
                .addSubcommand(Group.of(
                        "node",
                        "The devices.",
                        new NodeList(context),
                        new NodeShow(context),
                        new NodeClaim(context),
                        new NodeSet(context),
                        new NodeRemove(context)))
                .addSubcommand(Group.of(
                        "claim-token",
                        "The tokens by which devices enrol; skerry node claim makes one.",
                        new ClaimTokenList(context),
                        new ClaimTokenRevoke(context)))
                .addSubcommand(Group.of(
                        "group",
                        "Groups of devices.",
                        new GroupList(context),
                        new GroupAdd(context),
                        new GroupRename(context),
                        new GroupMove(context),
                        new GroupRemove(context),
                        Group.of(
                                "service",
                                "The services that devices have by their groups; skerry instance add --group gives one.",
                                new GroupServiceList(context),
                                new GroupServiceAbsent(context),
                                new GroupServicePin(context),
                                new GroupServiceRemove(context))))
                .addSubcommand(Group.of(
                        "window",
                        "When devices may be updated.",
                        new WindowList(context),
                        new WindowSet(context),
                        new WindowRemove(context),
                        new WindowOpen(context)))
                .addSubcommand(Group.of(
                        "customer",
                        "Whose fleets there are.",
                        new CustomerList(context),
                        new CustomerAdd(context),
                        new CustomerRename(context)))
                .addSubcommand(
                        Group.of("key", "API keys.", new KeyList(context), new KeyAdd(context), new KeyRevoke(context)))
                .addSubcommand(Group.of(
                        "login-rule",
                        "Who may log in as a person.",
                        new LoginRuleList(context),
                        new LoginRuleAdd(context),
                        new LoginRuleRemove(context)))
                .addSubcommand(Group.of("audit", "Who changed what.", new AuditList(context)))
                .addSubcommand(new LoginCommand(context))
                .addSubcommand(new LogoutCommand(context))
                .addSubcommand(new CompletionCommand(context))
                .addSubcommand(new VersionCommand(context))
                .addSubcommand(new HelpCommand(context));
    }

    /** The options are listed below it anyway. */
    private static void withShortSynopsis(CommandLine line) {
        line.getCommandSpec().usageMessage().abbreviateSynopsis(true);
        line.getSubcommands().values().forEach(SkerryCommand::withShortSynopsis);
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }
}
