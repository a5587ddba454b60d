package io.skerry.cloud.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.spec.ProblemException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EgressPolicyTest {
    private final EgressPolicy strict = new EgressPolicy(false);
    private final EgressPolicy open = new EgressPolicy(true);

    @ParameterizedTest
    @CsvSource({
        "93.184.216.34,              true,  true",
        "2606:2800:220:1::1,         true,  true",
        "172.15.255.255,             true,  true",
        "172.32.0.1,                 true,  true",
        "10.1.2.3,                   false, true",
        "172.16.0.1,                 false, true",
        "192.168.1.1,                false, true",
        "100.64.0.1,                 false, true",
        "127.0.0.1,                  false, true",
        "127.8.9.1,                  false, true",
        "::1,                        false, true",
        "fd00::1,                    false, true",
        "fec0::1,                    false, true",
        "::ffff:10.0.0.1,            false, true",
        "64:ff9b::10.0.0.1,          false, true",
        "2002:0a00:0001::1,          false, true",
        "::7f00:1,                   false, true",
        "169.254.169.254,            false, false",
        "fe80::1,                    false, false",
        "64:ff9b::169.254.169.254,   false, false",
        "224.0.0.1,                  false, false",
        "ff02::1,                    false, false",
        "0.0.0.0,                    false, false",
        "::,                         false, false",
        "255.255.255.255,            false, false",
        "2001:db8::1,                false, false",
    })
    void judgesEachRange(String address, boolean whenStrict, boolean whenOpen) throws UnknownHostException {
        InetAddress parsed = InetAddress.getByName(address);
        assertThat(strict.allows(parsed)).isEqualTo(whenStrict);
        assertThat(open.allows(parsed)).isEqualTo(whenOpen);
    }

    @Test
    void aNamedHostMayHavePrivateAddressesAndNoOtherMay() throws UnknownHostException {
        var naming = new EgressPolicy(false, Set.of("Login.lan"), "--oidc-private-host");
        InetAddress inside = InetAddress.getByName("10.0.0.1");
        InetAddress linkLocal = InetAddress.getByName("169.254.169.254");

        assertThat(naming.allowed("login.LAN", List.of(inside, linkLocal))).containsExactly(inside);
        assertThatThrownBy(() -> naming.allowed("other.lan", List.of(inside)))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().remedy()).contains("--oidc-private-host"));
    }

    @Test
    void refusalNamesHostKindAndSetting() throws UnknownHostException {
        List<InetAddress> addresses = List.of(InetAddress.getByName("10.0.0.1"));
        assertThatThrownBy(() -> strict.allowed("registry.lan", addresses))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.code()).isEqualTo("egress.refused");
                    assertThat(e.problem().message()).contains("registry.lan").contains("private");
                    assertThat(e.problem().remedy()).contains("--allow-private-registries");
                });
    }

    @Test
    void aHostWithBothKindsIsCalledAtItsPublicAddressOnly() throws UnknownHostException {
        InetAddress secret = InetAddress.getByName("10.0.0.1");
        InetAddress known = InetAddress.getByName("93.184.216.34");
        assertThat(strict.allowed("both.example", List.of(secret, known))).containsExactly(known);
    }
}
