package io.skerry.cli.service;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** A container's place among the others of its device. */
final class PlaceOptions {
    @Option(
            names = "--group",
            paramLabel = "GROUP",
            description = "Started in this order: data, root, platform, app (app when never said).")
    private Optional<String> group = Optional.empty();

    @Option(
            names = "--goal",
            paramLabel = "GOAL",
            description = "How far it must get: MOUNTED, STARTED or READY; else as its group says.")
    private Optional<String> goal = Optional.empty();

    @Option(
            names = "--goal-time",
            paramLabel = "TIME",
            description = "Within which it must: 5m, say (default: 30s, as its group has).")
    private Optional<String> goalTime = Optional.empty();

    @Option(
            names = "--update-scope",
            paramLabel = "SCOPE",
            description = "What an update costs: container (its restart) or system (a reboot).")
    private Optional<String> updateScope = Optional.empty();

    @Option(
            names = "--after",
            paramLabel = "SERVICE",
            description = "Started once this service of its group has reached its goal; may be repeated.")
    private List<String> after = new ArrayList<>();

    Optional<String> group() {
        return group;
    }

    Optional<String> goal() {
        return goal.map(Arguments::goal);
    }

    Optional<Integer> goalSeconds() {
        return goalTime.map(text -> Arguments.seconds("goal-time", text));
    }

    Optional<String> updateScope() {
        return updateScope.map(Arguments::updateScope);
    }

    List<String> after() {
        return List.copyOf(after);
    }
}
