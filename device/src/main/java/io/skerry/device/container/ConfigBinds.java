package io.skerry.device.container;

import io.skerry.device.revision.ConfigContents;
import io.skerry.spec.desired.ConfigFile;
import io.skerry.spec.desired.ConfigFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A container's configuration files, in clear in memory only: they are bound into it from {@code <data>/run}. */
final class ConfigBinds {
    private static final FileAttribute<Set<PosixFilePermission>> OWN =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final PosixFilePermission[] BITS = {
        PosixFilePermission.OTHERS_EXECUTE,
        PosixFilePermission.OTHERS_WRITE,
        PosixFilePermission.OTHERS_READ,
        PosixFilePermission.GROUP_EXECUTE,
        PosixFilePermission.GROUP_WRITE,
        PosixFilePermission.GROUP_READ,
        PosixFilePermission.OWNER_EXECUTE,
        PosixFilePermission.OWNER_WRITE,
        PosixFilePermission.OWNER_READ
    };

    private final ConfigContents contents;

    ConfigBinds(ConfigContents contents) {
        this.contents = contents;
    }

    /**
     * Makes the files anew, for the container's user.
     *
     * @return where they are to be bound
     * @throws io.skerry.spec.ProblemException {@code container.config-missing}
     */
    List<RuntimeSpec.Bind> make(
            ContainerFolder folder,
            @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<ConfigFiles> config,
            ContainerUser user)
            throws IOException {
        List<RuntimeSpec.Bind> binds = new ArrayList<>();
        for (ConfigFile file : config.map(ConfigFiles::files).orElse(List.of())) {
            Files.createDirectories(folder.configFiles());
            Path place = folder.configFiles().resolve(Integer.toString(binds.size()));
            Files.createFile(place, OWN);
            Files.write(place, contents.read(file.digest(), folder.name(), file.path()), StandardOpenOption.WRITE);
            Files.setAttribute(place, "unix:uid", user.uid());
            Files.setAttribute(place, "unix:gid", user.gid());
            Files.setPosixFilePermissions(place, permissions(file.mode()));
            binds.add(new RuntimeSpec.Bind(place, file.path()));
        }
        return binds;
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = new HashSet<>();
        for (int bit = 0; bit < BITS.length; bit++) {
            if ((mode >> bit & 1) == 1) {
                permissions.add(BITS[bit]);
            }
        }
        return permissions;
    }
}
