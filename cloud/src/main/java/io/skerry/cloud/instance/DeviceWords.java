package io.skerry.cloud.instance;

import io.skerry.spec.Problem;
import io.skerry.spec.status.ContainerStatus;
import io.skerry.spec.status.DeviceStatus;
import io.skerry.spec.status.Reason;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a device says for people, in which it knows its containers by ids only: here they are called as their services. */
public final class DeviceWords {
    private DeviceWords() {}

    /** What it is doing at this moment; empty when nothing. */
    public static Optional<String> step(DeviceStatus status) {
        return status.revision().step().map(step -> named(step, status));
    }

    /** Why something went as it did. */
    public static Reason reason(Reason reason, DeviceStatus status) {
        Problem problem = reason.problem();
        return new Reason(
                reason.container(),
                new Problem(problem.code(), named(problem.message(), status), named(problem.remedy(), status)),
                reason.logTail());
    }

    /** The service of a container that the device has. */
    public static Optional<String> service(DeviceStatus status, String container) {
        return status.containers().stream()
                .filter(c -> c.name().equals(container))
                .findFirst()
                .map(c -> c.service().name());
    }

    private static String named(String words, DeviceStatus status) {
        String named = words;
        for (ContainerStatus container : status.containers()) {
            named = Pattern.compile("(?<![\\w.-])" + Pattern.quote(container.name()) + "(?![\\w-])")
                    .matcher(named)
                    .replaceAll(Matcher.quoteReplacement(name(container, status)));
        }
        return named;
    }

    /** Its service's name; with the id behind it where the device has several of the service. */
    private static String name(ContainerStatus container, DeviceStatus status) {
        String service = container.service().name();
        boolean alone = status.containers().stream()
                        .filter(c -> c.service().name().equals(service))
                        .count()
                == 1;
        return alone ? service : service + " (" + container.name() + ")";
    }
}
