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
 * @param words further words of the kernel's command line
 * @param files text files that the guest's root has besides, by their path without the first slash
 */
public record MachineSettings(
        int megabytes,
        Optional<VolatileDisk> disk,
        Optional<String> network,
        List<Path> layers,
        String init,
        List<String> words,
        Map<String, String> files) {
    public MachineSettings {
        layers = List.copyOf(layers);
        words = List.copyOf(words);
        files = Map.copyOf(files);
    }

    /** A machine with 768 MB, no disk, no network and a shell as process 1. */
    public static MachineSettings plain() {
        return new MachineSettings(
                768, Optional.empty(), Optional.empty(), List.of(), "/etc/skerry-lab/guest", List.of(), Map.of());
    }

    public MachineSettings withDisk(VolatileDisk itsDisk) {
        return new MachineSettings(megabytes, Optional.of(itsDisk), network, layers, init, words, files);
    }

    public MachineSettings withNetwork(String namespace) {
        return new MachineSettings(megabytes, disk, Optional.of(namespace), layers, init, words, files);
    }

    /** With another root: what lies over the host's, what runs as process 1 and which words of the kernel that needs. */
    public MachineSettings withRoot(
            List<Path> itsLayers, String itsInit, List<String> itsWords, Map<String, String> itsFiles) {
        return new MachineSettings(megabytes, disk, network, itsLayers, itsInit, itsWords, itsFiles);
    }
}
