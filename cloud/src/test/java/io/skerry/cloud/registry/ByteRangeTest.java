package io.skerry.cloud.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteRangeTest {
    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, 1",
        "bytes=0-, 0, 10",
        "bytes=4-, 4, 6",
        "bytes=4-7, 4, 4",
        "bytes=4-99, 4, 6",
        "bytes=-3, 7, 3",
        "bytes=-99, 0, 10",
        "bytes=10-, 0, 0",
        "bytes=11-12, 0, 0",
        "bytes=-0, 10, 0",
    })
    void isUnderstood(String header, long first, long length) {
        assertThat(ByteRange.parse(header, 10)).contains(new ByteRange(first, length));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"bytes=0-1,3-4", "bytes=", "bytes=-", "bytes=5-3", "lines=1-2", "bytes=a-b"})
    void isPassedOver(String header) {
        assertThat(ByteRange.parse(header, 10)).isEqualTo(Optional.empty());
    }
}
