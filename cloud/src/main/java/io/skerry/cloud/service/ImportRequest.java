package io.skerry.cloud.service;

import io.skerry.content.oci.ImageReference;
import io.skerry.content.registry.Credentials;
import io.skerry.spec.Architecture;
import io.skerry.spec.Names;
import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an import asks for, checked for all that can be told without looking anything up.
 *
 * @param customerId whose service it is
 * @param importId under which the caller wants to watch it
 * @param serviceId which service
 * @param name which service, or how a new one is to be called
 * @param containerImage how the service's image is called, for people
 * @param settings what changes against the version before
 * @param networks what it says about the service's networks
 * @param sources one for each architecture; empty: the images of the version before
 */
public record ImportRequest(
        String customerId,
        Optional<String> importId,
        Optional<String> serviceId,
        Optional<String> name,
        Optional<String> containerImage,
        SettingsChange settings,
        NetworkChange networks,
        List<ImageSource> sources) {
    private static final Pattern UUID_FORM = Pattern.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final int LONGEST_REFERENCE = 1024;
    private static final int LONGEST_SECRET = 32 << 10;

    public ImportRequest {
        sources = List.copyOf(sources);
    }

    /**
     * Reads the {@code input} of {@code DM_import_node_service}, whose types GraphQL has checked.
     *
     * @throws io.skerry.spec.ProblemException naming the field that can't be followed, and what would be right
     */
    public static ImportRequest parse(Map<String, @Nullable Object> fields) {
        Input input = new Input("", fields);
        Optional<Input> service = input.object("node_service_input");
        service.ifPresent(Unsupported::refuse);
        Optional<String> name = service.flatMap(s -> s.line("name", 100));
        name.ifPresent(n -> Names.checked("A service (node_service_input.name)", n));
        Optional<String> serviceId = input.line("node_service_id", 100);
        if (name.isEmpty() && serviceId.isEmpty()) {
            throw new Problem(
                            "service.unnamed",
                            "The import doesn't say which node service it is for.",
                            "Name it by node_service_input.name, or by node_service_id beside it.")
                    .asException();
        }
        return new ImportRequest(
                input.line("customer_id", 100).orElseThrow(),
                input.line("import_id", 100).map(id -> uuid(input, id)),
                serviceId,
                name,
                service.flatMap(s -> s.line("container_image", 512)),
                input.object("metadata").map(SettingsInput::parse).orElse(SettingsChange.NONE),
                service.map(NetworkChange::parse).orElse(NetworkChange.NONE),
                input.objects("image_sources", Architecture.values().length + 1)
                        .map(ImportRequest::sources)
                        .orElse(List.of()));
    }

    private static String uuid(Input input, String id) {
        if (!UUID_FORM.matcher(id).matches()) {
            throw input.malformed("import_id", "must be a UUID in lower case");
        }
        return id;
    }

    private static List<ImageSource> sources(List<Input> entries) {
        Set<Architecture> seen = EnumSet.noneOf(Architecture.class);
        List<ImageSource> sources = new ArrayList<>();
        for (Input entry : entries) {
            ImageSource source = source(entry);
            if (!seen.add(source.architecture())) {
                throw new Problem(
                                "input.duplicate",
                                entry.name("arch") + " names "
                                        + source.architecture().word() + " a second time.",
                                "Give one image source for each architecture.")
                        .asException();
            }
            sources.add(source);
        }
        return sources;
    }

    private static ImageSource source(Input entry) {
        String written = entry.line("image_reference", LONGEST_REFERENCE)
                .orElseThrow(() -> entry.malformed("image_reference", "must be as registry.example/name:tag"));
        return new ImageSource(
                entry.path(),
                Architecture.of(entry.text("arch")),
                written,
                ImageReference.parse(written),
                entry.object("authn").map(ImportRequest::credentials));
    }

    private static Credentials credentials(Input authn) {
        String user = authn.text("registry_user");
        String password = authn.text("registry_pw");
        // A password may be a whole JSON key file, so line ends are fine; what it is must not be shown.
        if (user.isEmpty() || user.length() > 512 || user.indexOf(':') >= 0 || hasControls(user)) {
            throw new Problem(
                            "input.malformed",
                            authn.name("registry_user") + " ('" + Text.shortened(user, 40)
                                    + "') must be 1 to 512 characters without a colon.")
                    .asException();
        }
        if (password.isEmpty() || password.length() > LONGEST_SECRET) {
            throw new Problem(
                            "input.malformed",
                            authn.name("registry_pw") + " must have 1 to " + LONGEST_SECRET + " characters.",
                            "Leave authn out to pull without logging in.")
                    .asException();
        }
        return new Credentials(user, password);
    }

    private static boolean hasControls(String text) {
        return text.codePoints().anyMatch(Character::isISOControl);
    }
}
