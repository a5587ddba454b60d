package io.skerry.cli.api;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The GraphQL selection that fills a record: its components' names in snake case, records within it likewise. */
final class Selection {
    private Selection() {}

    /** The fields, with the braces around them. */
    static String of(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .map(Selection::field)
                .collect(Collectors.joining(" ", "{ ", " }"));
    }

    /**
     * As {@link #of(Class)}, where one of its lists is a page.
     *
     * @param list named as in the schema
     */
    static String of(Class<?> type, String list) {
        return Arrays.stream(type.getRecordComponents())
                .map(c -> snakeCase(c.getName()).equals(list) ? page(list, element(c.getGenericType())) : field(c))
                .collect(Collectors.joining(" ", "{ ", " }"));
    }

    /** A field that is a page, of which the variables {@code take} and {@code cursor} say which; its list has its name. */
    static String page(String list, Class<?> type) {
        return list + "(take: $take, cursor: $cursor) { " + list + " " + of(type) + " next_cursor }";
    }

    private static String field(RecordComponent component) {
        Class<?> element = element(component.getGenericType());
        String name = snakeCase(component.getName());
        return element.isRecord() ? name + " " + of(element) : name;
    }

    /** The type itself, or what a list or an optional of it holds. */
    static Class<?> element(Type type) {
        return switch (type) {
            case ParameterizedType generic -> element(generic.getActualTypeArguments()[0]);
            case Class<?> plain -> plain;
            default -> throw new IllegalArgumentException("no selection for " + type);
        };
    }

    static String snakeCase(String name) {
        return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }
}
