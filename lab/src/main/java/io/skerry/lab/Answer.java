package io.skerry.lab;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A piece of a JSON answer, read by field names; what isn't there reads as empty. */
public final class Answer {
    private final @Nullable Object value;

    Answer(@Nullable Object value) {
        this.value = value;
    }

    /** The field of an object. */
    public Answer in(String field) {
        return new Answer(value instanceof Map<?, ?> map ? map.get(field) : null);
    }

    /** The elements of an array field. */
    public List<Answer> list(String field) {
        return in(field).value instanceof List<?> list
                ? list.stream().map(Answer::new).toList()
                : List.of();
    }

    public Optional<String> text(String field) {
        return in(field).value instanceof String text ? Optional.of(text) : Optional.empty();
    }

    public Optional<Long> number(String field) {
        return in(field).value instanceof Number number ? Optional.of(number.longValue()) : Optional.empty();
    }

    public boolean isTrue(String field) {
        return Boolean.TRUE.equals(in(field).value);
    }

    /** @throws ProblemException {@code lab.answer-malformed} when there is no text in this field */
    public String required(String field) {
        return text(field)
                .orElseThrow(
                        () -> new Problem("lab.answer-malformed", "The control plane's answer has no '" + field + "'.")
                                .asException());
    }

    @Override
    public String toString() {
        return String.valueOf(value);
    }
}
