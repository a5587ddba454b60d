package io.skerry.device.revision;

import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.ServiceVersion;
import io.skerry.spec.desired.Workload;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Says beside a container's id which service it is, for a person who reads what is written for all. Pure.
 *
 * @param words what is said of each container, by its name
 */
public record ServiceNames(Map<String, String> words) {
    /** Names that aren't ids were chosen by a person, say enough, and may be words that mean something else. */
    private static final Pattern ID =
            Pattern.compile("(?<![\\w/.-])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![\\w/-])");

    public ServiceNames {
        words = Map.copyOf(words);
    }

    /** Of the containers of two workloads, of which the second is to take the place of the first: {@code web:1 to 2}. */
    static ServiceNames between(Workload from, Workload to) {
        Map<String, String> words = new HashMap<>();
        from.containers().forEach((name, container) -> words.put(name, word(container.service())));
        to.containers()
                .forEach((name, container) ->
                        words.put(name, word(from.containers().get(name), container)));
        return new ServiceNames(words);
    }

    private static String word(@Nullable Container before, Container now) {
        ServiceVersion service = now.service();
        return before == null || before.service().version() == service.version()
                ? word(service)
                : word(before.service()) + " to " + service.version();
    }

    /** A service and one of its versions: {@code web:2}. */
    public static String word(ServiceVersion version) {
        return version.name() + ":" + version.version();
    }

    /** The text with each known container's service behind its id, unless that is part of a path. */
    public String in(String text) {
        return ID.matcher(text).replaceAll(found -> {
            String service = words.get(found.group());
            return Matcher.quoteReplacement(found.group() + (service == null ? "" : " (" + service + ")"));
        });
    }
}
