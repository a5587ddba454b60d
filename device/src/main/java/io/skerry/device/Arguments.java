package io.skerry.device;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** A verb and its options, as given on the command line: {@code verb --name value …}. */
record Arguments(String verb, Map<String, String> options) {
    /** What a person at a device most likely looks for. */
    private static final String WHERE_DATA_IS = "Name the daemon's data folder: /var/lib/skerry where systemd runs it,"
            + " .skerry/devices/NAME in the checkout for a device of the lab, as in --data .skerry/devices/edge-1.";

    Arguments {
        options = Map.copyOf(options);
    }

    /**
     * @param known the options of each verb
     * @throws ProblemException {@code usage}
     */
    static Arguments parse(List<String> words, Map<String, Set<String>> known) {
        if (words.isEmpty()) {
            throw usage("A verb is missing.", known);
        }
        String verb = words.getFirst();
        Set<String> allowed = known.get(verb);
        if (allowed == null) {
            throw usage("'" + Text.shortened(verb, 40) + "' is not a verb of the device program.", known);
        }
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 1; i < words.size(); i++) {
            String word = words.get(i);
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            if (!allowed.contains(name)) {
                throw usage("'" + Text.shortened(name, 40) + "' is not an option of '" + verb + "'.", known);
            }
            if (equals < 0 && i + 1 == words.size()) {
                throw usage("The option " + name + " needs a value.", known);
            }
            options.put(name, equals < 0 ? words.get(++i) : word.substring(equals + 1));
        }
        return new Arguments(verb, options);
    }

    Optional<String> option(String name) {
        return Optional.ofNullable(options.get(name));
    }

    /**
     * What an option says, to be read as something more than a word.
     *
     * @throws ProblemException {@code usage} when it is missing, or with the words of the reader that refuses it
     */
    <T> T required(String name, Function<String, T> reader) {
        return read(required(name), reader);
    }

    /** As {@link #required(String, Function)}, of an option that may be left out. */
    <T> T optional(String name, T otherwise, Function<String, T> reader) {
        return option(name).map(word -> read(word, reader)).orElse(otherwise);
    }

    private static <T> T read(String word, Function<String, T> reader) {
        try {
            return reader.apply(word);
        } catch (ProblemException e) {
            throw new Problem("usage", e.problem().message(), e.problem().remedy()).asException(e);
        }
    }

    String required(String name) {
        return option(name)
                .orElseThrow(() -> new Problem(
                                "usage",
                                "The option " + name + " of '" + verb + "' is missing.",
                                name.equals("--data") ? WHERE_DATA_IS : "Give it a value.")
                        .asException());
    }

    private static ProblemException usage(String message, Map<String, Set<String>> known) {
        return new Problem("usage", message, "Use one of the verbs " + String.join(", ", known.keySet()) + ".")
                .asException();
    }
}
