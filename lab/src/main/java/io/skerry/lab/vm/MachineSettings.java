package io.skerry.lab.vm;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a virtual machine is made of. Immutable; the {@code with…} methods give changed copies.
 *
 * @param megabytes of memory
 * @param disk its disk, {@code /dev/vda}, mounted on {@code /disk} when it has an ext4 file system
 * @param network the host's network namespace whose addresses the guest reaches; empty for none at all
 * @param layers folders of the host that lie over its root in the guest, the last one topmost
 * @param init what runs as process 1
 * @param files text files that the guest's root has besides, by their path without the first slash
 */
public record MachineSettings(
        int megabytes,
        Optional<VolatileDisk> disk,
        Optional<String> network,
        List<Path> layers,
        String init,
        Map<String, String> files) {
    public MachineSettings {
        layers = List.copyOf(layers);
        files = Map.copyOf(files);
    }

    /** A machine with 768 MB, no disk, no network and a shell as process 1. */
    public static MachineSettings plain() {
        return new MachineSettings(
                768, Optional.empty(), Optional.empty(), List.of(), "/etc/skerry-lab/guest", Map.of());
    }

    public MachineSettings withDisk(VolatileDisk itsDisk) {
        return new MachineSettings(megabytes, Optional.of(itsDisk), network, layers, init, files);
    }

    public MachineSettings withNetwork(String namespace) {
        return new MachineSettings(megabytes, disk, Optional.of(namespace), layers, init, files);
    }

    public MachineSettings withRoot(List<Path> itsLayers, String itsInit, Map<String, String> itsFiles) {
        return new MachineSettings(megabytes, disk, network, itsLayers, itsInit, itsFiles);
    }
}
