package io.skerry.cloud.authority;

import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.net.InetAddress;
import java.util.Collection;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/** The names and addresses by which a server is reached, as a certificate carries them. */
final class HostNames {
    private static final Pattern NAME = Pattern.compile(
            "(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*");

    private static final Pattern DIGITS = Pattern.compile("[0-9.]+");
    private static final Pattern DOTTED = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private HostNames() {}

    /** @throws io.skerry.spec.ProblemException {@code host.malformed} */
    static GeneralNames of(Collection<String> hosts) {
        return new GeneralNames(hosts.stream().map(HostNames::name).toArray(GeneralName[]::new));
    }

    private static GeneralName name(String host) {
        if (host.indexOf(':') >= 0 || DIGITS.matcher(host).matches()) {
            try {
                // Java also takes 127.1 for an address; no client writes it so.
                if (host.indexOf(':') < 0 && !DOTTED.matcher(host).matches()) {
                    throw malformed(host).asException();
                }
                return new GeneralName(
                        GeneralName.iPAddress, InetAddress.ofLiteral(host).getHostAddress());
            } catch (IllegalArgumentException e) {
                throw malformed(host).asException(e);
            }
        }
        if (!NAME.matcher(host).matches()) {
            throw malformed(host).asException();
        }
        return new GeneralName(GeneralName.dNSName, host);
    }

    private static Problem malformed(String host) {
        return new Problem(
                "host.malformed",
                "'" + Text.shortened(host, 80) + "' is neither a host's name nor an address.",
                "Give --host a DNS name, an IPv4 or an IPv6 address, without a port.");
    }
}
