package io.skerry.cloud.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.spec.ProblemException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BucketAddressTest {
    private static BucketAddress parse(String url) {
        return BucketAddress.parse(url, Optional.empty());
    }

    @Test
    void aBucketAtAmazonNeedsNoMoreThanItsName() {
        assertThat(parse("s3://images"))
                .isEqualTo(new BucketAddress(
                        "images", "", Optional.empty(), Optional.empty(), false, Optional.empty(), Optional.empty()));
    }

    @Test
    void aServerOfOnesOwnIsNamedAndHasTheBucketInThePath() {
        var address = BucketAddress.parse(
                "s3://images/fleet/one/?endpoint=https://minio.example:9000&region=eu-central-1&authority=/etc/ca.pem",
                Optional.of(Path.of("/etc/key")));
        assertThat(address)
                .isEqualTo(new BucketAddress(
                        "images",
                        "fleet/one/",
                        Optional.of(URI.create("https://minio.example:9000")),
                        Optional.of("eu-central-1"),
                        true,
                        Optional.of(Path.of("/etc/ca.pem")),
                        Optional.of(Path.of("/etc/key"))));
        assertThat(address.told()).isEqualTo("s3://images/fleet/one/");
        assertThat(parse("s3://images?endpoint=https://s3.example&path-style=false")
                        .pathStyle())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "images",
                "http://images",
                "s3://",
                "s3:images",
                "s3://Im_ages",
                "s3://ab",
                "s3://images/../x",
                "s3://images/a//b",
                "s3://images/a b",
                "s3://images?endpoint=minio.example",
                "s3://images?endpoint=ftp://minio.example",
                "s3://images?endpoint=https://minio.example/path",
                "s3://images?endpoint=https://a:b@minio.example",
                "s3://images?region=Europe!",
                "s3://images?path-style=perhaps",
                "s3://images?region=a&region=b",
                "s3://images?colour=red",
                "s3://images?region=%zz"
            })
    void whatIsWrongIsRefusedWithAWayToSayItRight(String url) {
        assertThatThrownBy(() -> parse(url)).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.code()).isEqualTo("content.malformed");
            assertThat(e.problem().remedy()).isNotBlank();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3://AKIA:hunter2@images",
                "s3://AKIA:hunter2@images/[",
                "s3://images?endpoint=https://AKIA:hunter2@h"
            })
    void aSecretInTheAddressIsRefusedAndNotRepeated(String url) {
        assertThatThrownBy(() -> parse(url)).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.problem().sentence()).doesNotContain("hunter2");
            assertThat(e).hasNoCause();
        });
    }
}
