package io.skerry.device.identity;

import java.net.http.HttpHeaders;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** The {@code Date} header of an answer (RFC 9110, 6.6.1). */
public final class CloudDate {
    private CloudDate() {}

    public static Optional<Instant> of(HttpHeaders headers) {
        return headers.firstValue("Date").flatMap(text -> {
            try {
                return Optional.of(ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant());
            } catch (DateTimeParseException e) {
                return Optional.empty();
            }
        });
    }
}
