package io.skerry.cli.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.spec.ProblemException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
    @ParameterizedTest
    @CsvSource({
        "https://cloud.example:7443, https://cloud.example:7443",
        "https://cloud.example/, https://cloud.example",
        "https://cloud.example:7443/graphql, https://cloud.example:7443",
        "cloud.example:7443, https://cloud.example:7443",
        "http://127.0.0.1:80, http://127.0.0.1:80",
        "'https://[fd00::1]:7443', 'https://[fd00::1]:7443'"
    })
    void addressesAreReadAsPeopleTypeThem(String typed, String meant) {
        assertThat(Endpoint.parse(typed)).hasToString(meant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "https://",
                "ftp://cloud.example",
                "http://cloud.example",
                "https://user:pw@cloud.example",
                "https://cloud.example/fleet",
                "https://cl oud"
            })
    void whatIsNoAddressIsRefused(String typed) {
        assertThatThrownBy(() -> Endpoint.parse(typed))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo("usage.url"));
    }
}
