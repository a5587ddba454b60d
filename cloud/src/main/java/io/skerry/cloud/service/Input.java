package io.skerry.cloud.service;

import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An input object as GraphQL read it, whose types are therefore right already; what is read out of it is checked for
 * its bounds. A field that is null counts as left out.
 *
 * @param path where it stands in the whole input, for messages; empty for the whole
 */
record Input(String path, Map<String, @Nullable Object> fields) {

    /** How a field is called in messages. */
    String name(String field) {
        return path.isEmpty() ? field : path + "." + field;
    }

    /** Whether the field was written, be it as null. */
    boolean mentions(String field) {
        return fields.containsKey(field);
    }

    boolean has(String field) {
        return fields.get(field) != null;
    }

    /**
     * A text of one line.
     *
     * @throws io.skerry.spec.ProblemException {@code input.malformed}
     */
    Optional<String> line(String field, int longest) {
        Object value = fields.get(field);
        if (value == null) {
            return Optional.empty();
        }
        String text = value.toString();
        if (text.isBlank() || text.length() > longest || text.codePoints().anyMatch(Character::isISOControl)) {
            throw malformed(field, "must be a text of one line with 1 to " + longest + " characters");
        }
        return Optional.of(text);
    }

    /** A text as it is, which may be empty. */
    String text(String field) {
        Object value = fields.get(field);
        return value == null ? "" : value.toString();
    }

    /**
     * A whole number within bounds.
     *
     * @throws io.skerry.spec.ProblemException {@code input.out-of-range}
     */
    Optional<Integer> whole(String field, int least, int most, String unit) {
        if (!(fields.get(field) instanceof Number number)) {
            return Optional.empty();
        }
        long value = number.longValue();
        if (value < least || value > most) {
            throw new Problem(
                            "input.out-of-range",
                            name(field) + " is " + value + ", which is out of bounds.",
                            "Give " + unit + " from " + least + " to " + most + ".")
                    .asException();
        }
        return Optional.of((int) value);
    }

    /**
     * A number within bounds.
     *
     * @throws io.skerry.spec.ProblemException {@code input.out-of-range}
     */
    Optional<Double> number(String field, double least, double most) {
        if (!(fields.get(field) instanceof Number number)) {
            return Optional.empty();
        }
        double value = number.doubleValue();
        if (!(value >= least && value <= most)) {
            throw new Problem(
                            "input.out-of-range",
                            name(field) + " is " + value + ", which is out of bounds.",
                            "Give a number from " + least + " to " + most + ".")
                    .asException();
        }
        return Optional.of(value);
    }

    /** Whether the field is true. */
    boolean yes(String field) {
        return Boolean.TRUE.equals(fields.get(field));
    }

    /** An enum's value as Skerry's own word: in GraphQL it can't have a dash. */
    Optional<String> word(String field) {
        return Optional.ofNullable(fields.get(field))
                .map(value -> value.toString().replace('_', '-'));
    }

    /**
     * A program and its arguments.
     *
     * @throws io.skerry.spec.ProblemException {@code input.malformed}
     */
    List<String> command(String field) {
        List<String> command = texts(field, 64).orElse(List.of());
        if (command.isEmpty()
                || command.getFirst().isEmpty()
                || command.stream().anyMatch(word -> word.length() > 4096 || word.indexOf('\0') >= 0)) {
            throw malformed(field, "must be a program and its arguments, each of at most 4096 characters");
        }
        return command;
    }

    Optional<Input> object(String field) {
        Object value = fields.get(field);
        return value == null ? Optional.empty() : Optional.of(new Input(name(field), map(value)));
    }

    /**
     * The objects of a list.
     *
     * @throws io.skerry.spec.ProblemException {@code input.too-many}
     */
    Optional<List<Input>> objects(String field, int most) {
        return list(field, most).map(values -> {
            List<Input> objects = new ArrayList<>();
            for (Object value : values) {
                objects.add(new Input(name(field) + "[" + objects.size() + "]", map(value)));
            }
            return List.copyOf(objects);
        });
    }

    /**
     * The texts of a list.
     *
     * @throws io.skerry.spec.ProblemException {@code input.too-many}
     */
    Optional<List<String>> texts(String field, int most) {
        return list(field, most)
                .map(values -> values.stream().map(String::valueOf).toList());
    }

    private Optional<List<?>> list(String field, int most) {
        if (!(fields.get(field) instanceof List<?> values)) {
            return Optional.empty();
        }
        if (values.size() > most) {
            throw new Problem(
                            "input.too-many",
                            name(field) + " has " + values.size() + " entries.",
                            "Give at most " + most + ".")
                    .asException();
        }
        return Optional.of(values);
    }

    /** What to throw about a field: {@code must} goes on after the field's name. */
    RuntimeException malformed(String field, String must) {
        Object value = fields.get(field);
        String shown = value instanceof String text ? " ('" + Text.shortened(text, 80) + "')" : "";
        return new Problem("input.malformed", name(field) + shown + " " + must + ".").asException();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> map(Object value) {
        return (Map<String, @Nullable Object>) value;
    }
}
