package io.skerry.cloud.graphql;

import graphql.schema.idl.RuntimeWiring;
import io.skerry.cloud.config.NewFile;
import io.skerry.cloud.instance.InstanceConfigs;
import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import io.skerry.spec.desired.ConfigFile;
import io.skerry.spec.desired.ConfigFiles;
import io.skerry.spec.desired.ConfigPaths;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The configuration files of instances. */
final class ConfigFields implements Fields {
    private static final String ID = "node_service_instance_id";

    private final InstanceConfigs configs;

    ConfigFields(InstanceConfigs configs) {
        this.configs = configs;
    }

    @Override
    public void wire(RuntimeWiring.Builder wiring) {
        wiring.type(
                "Query",
                query -> query.dataFetcher("DM_get_node_service_instance_config", e -> list(new Arguments(e))));
        wiring.type(
                "Mutation",
                mutation -> mutation.dataFetcher("DM_set_node_service_instance_config", e -> set(new Arguments(e)))
                        .dataFetcher("DM_remove_node_service_instance_config", e -> remove(new Arguments(e))));
    }

    private List<Map<String, @Nullable Object>> list(Arguments arguments) {
        return configs.list(arguments.text(ID), arguments.caller()).stream()
                .map(ConfigFields::shape)
                .toList();
    }

    private static Map<String, @Nullable Object> shape(InstanceConfigs.View view) {
        ConfigFile file = view.stored().file();
        boolean secret = view.stored().secret();
        return new Shape()
                .with("path", file.path())
                .with("mode", String.format(Locale.ROOT, "%04o", file.mode()))
                .with("secret", secret)
                // Whoever has the digest of a short secret can guess it.
                .with(
                        "digest",
                        secret ? Optional.empty() : Optional.of(file.digest().value()))
                .with("size", secret ? Optional.empty() : Optional.of(file.size()))
                .with("changed_at", view.stored().changedAt())
                .with("content_base64", view.content().map(Base64.getEncoder()::encodeToString))
                .fields();
    }

    private String set(Arguments arguments) {
        configs.set(arguments.text(ID), files(arguments), arguments.caller());
        return arguments.text(ID);
    }

    private String remove(Arguments arguments) {
        configs.remove(arguments.text(ID), paths(arguments), arguments.caller());
        return arguments.text(ID);
    }

    private static List<String> paths(Arguments arguments) {
        List<String> paths = arguments.ids("paths", ConfigFiles.MOST);
        if (paths.isEmpty()) {
            throw malformed("paths names no file.");
        }
        return paths;
    }

    private static List<NewFile> files(Arguments arguments) {
        List<?> given = Objects.requireNonNull(arguments.environment().<List<?>>getArgument("files"));
        if (given.isEmpty() || given.size() > ConfigFiles.MOST) {
            throw new Problem(
                            "config.too-many",
                            "files has " + given.size() + " entries.",
                            "Give 1 to " + ConfigFiles.MOST + ".")
                    .asException();
        }
        Set<String> paths = new HashSet<>();
        List<NewFile> files = new ArrayList<>();
        for (Object one : given) {
            NewFile file = file("files[" + files.size() + "].", (Map<?, ?>) one);
            if (!paths.add(file.path())) {
                throw new Problem(
                                "input.duplicate",
                                "files[" + files.size() + "].path gives '" + Text.shortened(file.path(), 80)
                                        + "' a second time.",
                                "Give each once.")
                        .asException();
            }
            files.add(file);
        }
        return files;
    }

    /** What a file says may be a secret, so no message shows it. */
    private static NewFile file(String where, Map<?, ?> fields) {
        String path = path(where, String.valueOf(fields.get("path")));
        int mode = mode(where, String.valueOf(fields.get("mode")));
        byte[] content = content(where, fields);
        if (content.length > ConfigFile.LARGEST) {
            throw new Problem(
                            "config.too-large",
                            where + "content has " + content.length + " bytes.",
                            "A configuration file has at most " + ConfigFile.LARGEST + ".")
                    .asException();
        }
        return new NewFile(path, mode, content, Boolean.TRUE.equals(fields.get("secret")));
    }

    /** @throws io.skerry.spec.ProblemException {@code input.malformed} for a path where no file can be */
    static String path(String where, String path) {
        ConfigPaths.fault(path).ifPresent(why -> {
            throw malformed(where + "path ('" + Text.shortened(path, 80) + "') " + why + ".");
        });
        return path;
    }

    /** @throws io.skerry.spec.ProblemException {@code input.malformed} */
    static int mode(String where, String mode) {
        if (!mode.matches("0?[0-7]{3}")) {
            throw malformed(where + "mode ('" + Text.shortened(mode, 20)
                    + "') must be three octal digits, as in 0400 or 0644.");
        }
        return Integer.parseInt(mode, 8);
    }

    private static byte[] content(String where, Map<?, ?> fields) {
        Object text = fields.get("content");
        Object encoded = fields.get("content_base64");
        if ((text == null) == (encoded == null)) {
            throw malformed(where + "content and content_base64: exactly one of them says what the file says.");
        }
        if (text != null) {
            return text.toString().getBytes(StandardCharsets.UTF_8);
        }
        try {
            return Base64.getDecoder().decode(String.valueOf(encoded));
        } catch (IllegalArgumentException e) {
            // Its message quotes the text.
            throw malformed(where + "content_base64 isn't base64.");
        }
    }

    private static RuntimeException malformed(String message) {
        return new Problem("input.malformed", message, "Compare it with the schema's words.").asException();
    }
}
