package io.skerry.spec.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.skerry.spec.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubnetTest {
    private static Subnet subnet(String text) {
        return Subnet.parse("field", text);
    }

    @ParameterizedTest
    @CsvSource({
        "192.168.0.0/24, 192.168.0.1",
        "192.168.0.100/24, 192.168.0.100",
        "10.190.0.1/16, 10.190.0.1",
        "10.0.0.0/8, 10.0.0.1",
        "192.168.7.4/30, 192.168.7.5",
        "192.168.7.6/30, 192.168.7.6"
    })
    void aPrefixGivesItsFirstAddressAndAnExplicitHostIsKept(String text, String host) {
        assertThat(Subnet.dotted(subnet(text).host())).isEqualTo(host);
    }

    @Test
    void aSubnetReachesFromItsFirstToItsLastAddress() {
        Subnet subnet = subnet("10.190.3.9/16");

        assertThat(subnet.network()).isEqualTo("10.190.0.0/16");
        assertThat(Subnet.dotted(subnet.last())).isEqualTo("10.190.255.255");
        assertThat(subnet.size()).isEqualTo(65_536);
        assertThat(subnet).hasToString("10.190.3.9/16");
    }

    @Test
    void anotherSubnetOfItsSizeMeansTheSameHost() {
        Subnet slice = subnet("10.190.0.9/24").at(subnet("10.190.77.0/24").first());

        assertThat(slice).hasToString("10.190.77.9/24");
        assertThat(subnet("10.190.0.0/24").at(slice.first())).hasToString("10.190.77.1/24");
    }

    @Test
    void containsWhatIsWhollyInIt() {
        assertThat(subnet("10.190.0.1/16").contains(subnet("10.190.200.0/24"))).isTrue();
        assertThat(subnet("10.190.0.1/16").contains(subnet("10.191.0.0/24"))).isFalse();
        assertThat(subnet("10.190.0.1/24").contains(subnet("10.190.0.0/16"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.190.0.1",
                "10.190.0/16",
                "10.190.0.256/16",
                "10.190.0.01/16",
                "10.190.0.1/016x",
                "10.190.0.1/7",
                "10.190.0.1/31",
                "0.0.0.0/8",
                "127.0.0.1/8",
                "224.0.0.1/24",
                "10.190.255.255/16",
                "fd00::1/64",
                " 10.190.0.1/16",
                "10.190.0.1/16\n"
            })
    void whatNoHostCanBeInIsRefusedWithItsField(String text) {
        ProblemException refusal = catchThrowableOfType(ProblemException.class, () -> subnet(text));

        assertThat(refusal.code()).isEqualTo("subnet.malformed");
        assertThat(refusal.problem().message()).startsWith("field");
    }
}
