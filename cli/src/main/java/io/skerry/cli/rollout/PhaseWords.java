package io.skerry.cli.rollout;

import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Phases as one types them: {@code '20% success=95 failure=5 soak=3600 update=7200 at-once=50 label=canary=yes approval'}. */
final class PhaseWords {
    private PhaseWords() {}

    /** @throws io.skerry.spec.ProblemException {@code usage.phase} */
    static Optional<Map<String, Object>> policy(List<String> phases, boolean manual) {
        return phases.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        Map.of("phases", phases.stream().map(PhaseWords::phase).toList(), "manual", manual));
    }

    private static Map<String, Object> phase(String words) {
        Map<String, Object> phase = new TreeMap<>();
        List<Map<String, String>> labels = new ArrayList<>();
        for (String word : words.strip().split("\\s+", -1)) {
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            String value = equals < 0 ? "" : word.substring(equals + 1);
            switch (name) {
                case "rest" -> {}
                case "approval" -> phase.put("approval", true);
                case "success" -> phase.put("success_percent", number(value, words));
                case "failure" -> phase.put("failure_percent", number(value, words));
                case "soak" -> phase.put("soak_seconds", number(value, words));
                case "update" -> phase.put("update_seconds", number(value, words));
                case "at-once" -> phase.put("at_once", number(value, words));
                case "label" -> {
                    int second = value.indexOf('=');
                    labels.add(Map.of(
                            "name", second < 0 ? value : value.substring(0, second),
                            "value", second < 0 ? "" : value.substring(second + 1)));
                }
                default -> {
                    boolean percent = name.endsWith("%");
                    phase.put(
                            percent ? "percent" : "count",
                            number(percent ? name.substring(0, name.length() - 1) : name, words));
                }
            }
        }
        if (!labels.isEmpty()) {
            phase.put("labels", labels);
        }
        return phase;
    }

    private static int number(String value, String words) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new Problem(
                            "usage.phase",
                            "'" + Text.shortened(words, 80) + "' isn't a phase.",
                            "Write 20%, 5 or rest, then what you need of success=95 failure=5 soak=SECONDS update=SECONDS"
                                    + " at-once=50 label=NAME=VALUE approval.")
                    .asException(e);
        }
    }
}
