package io.skerry.lab.command;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A choice between a few words.
 *
 * @param word how people write each
 */
record OneOf<E>(List<E> choices, Function<E, String> word) implements ITypeConverter<E> {
    @Override
    public E convert(String written) {
        return choices.stream()
                .filter(c -> word.apply(c).equalsIgnoreCase(written))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("'" + written + "' is not one of "
                        + choices.stream().map(word).collect(Collectors.joining(", ")) + "."));
    }
}
