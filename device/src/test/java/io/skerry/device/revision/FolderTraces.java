package io.skerry.device.revision;

import io.skerry.spec.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What lies in a data folder: images whose digests are computed anew, containers' files, volumes. */
record FolderTraces(Path data) {
    private static final Set<String> OF_A_CONTAINER = Set.of(
            "container.json",
            "run.json",
            "bundle",
            "upper",
            "work",
            "none",
            "rootfs",
            "host",
            "hosts",
            "laid",
            "log",
            "log.held",
            "log.1");

    /** What daemons read when they start. */
    List<String> state() {
        List<String> state = new ArrayList<>();
        list(data).stream().filter(p -> !Files.isDirectory(p)).forEach(p -> state.add(name(p)));
        for (String folder : List.of("revisions", "content/blobs")) {
            if (Files.isDirectory(data.resolve(folder))) {
                Rig.filesBelow(data.resolve(folder)).forEach(f -> state.add(folder + "/" + f));
            }
        }
        for (Path container : list(data.resolve("containers"))) {
            for (String record : List.of("container.json", "run.json")) {
                if (Files.exists(container.resolve(record))) {
                    state.add(name(container.resolve(record)));
                }
            }
        }
        for (Path mark : list(data.resolve("content/layers"))) {
            if (mark.toString().endsWith(".done")) {
                state.add(name(mark));
            }
        }
        // Each daemon makes it for itself alone.
        state.remove("lock");
        return state.stream().sorted().toList();
    }

    private String name(Path file) {
        return data.relativize(file).toString();
    }

    /** Of the program of the container with this folder. */
    Path pid(Path container) {
        return data.resolve("run/notes")
                .resolve(String.valueOf(container.getFileName()))
                .resolve("pid");
    }

    static List<Path> list(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    static List<String> names(Path folder) {
        return list(folder).stream().map(p -> p.getFileName().toString()).toList();
    }

    /**
     * What is there although only these containers are, or isn't as it should be.
     *
     * @param programs what each container's image says that it is, by id
     * @param blobs those that there may be
     */
    List<String> strange(Map<String, String> programs, Set<Digest> blobs) {
        List<String> strange = new ArrayList<>();
        containers(programs, strange);
        content(blobs, strange);
        for (String folder :
                List.of("run/exits", "run/image", "content/partial", "content/reserved", "volumes/before")) {
            if (Files.isRegularFile(data.resolve(folder))
                    || !list(data.resolve(folder)).isEmpty()) {
                strange.add(folder + ": " + names(data.resolve(folder)));
            }
        }
        for (Path container : list(data.resolve("volumes/permanent"))) {
            names(container).stream()
                    .filter(n -> n.startsWith("."))
                    .forEach(n -> strange.add("half a volume: " + name(container) + "/" + n));
        }
        return strange;
    }

    private void containers(Map<String, String> programs, List<String> strange) {
        Path containers = data.resolve("containers");
        if (!new TreeSet<>(names(containers)).equals(programs.keySet())) {
            strange.add("containers: " + names(containers));
        }
        Set<String> records = new TreeSet<>(names(data.resolve("run/runc")));
        programs.forEach((id, program) -> {
            Path folder = containers.resolve(id);
            names(folder).stream()
                    .filter(n -> !OF_A_CONTAINER.contains(n))
                    .forEach(n -> strange.add("file of a container: " + id + "/" + n));
            String says = text(folder.resolve("rootfs/" + Programs.NAME));
            if (!says.equals(program)) {
                strange.add("the root of " + id + " says it is " + says);
            }
            Path pid = pid(folder);
            boolean runs = records.remove(id);
            if (runs
                    && !text(Path.of("/proc", text(pid).strip(), "root", Programs.NAME))
                            .equals(program)) {
                strange.add("the process of " + id + " isn't " + program);
            }
        });
        records.forEach(r -> strange.add("record of runc: " + r));
        names(data.resolve("run/notes")).stream()
                .filter(n -> !programs.containsKey(n))
                .forEach(n -> strange.add("notes of " + n));
    }

    private void content(Set<Digest> needed, List<String> strange) {
        Path layers = data.resolve("content/layers");
        for (Path shelf : list(data.resolve("content/blobs"))) {
            for (Path blob : list(shelf)) {
                Digest digest = digest(blob);
                if (!digest.hex().equals(blob.getFileName().toString())) {
                    strange.add("blob that isn't what its digest says: " + name(blob));
                } else if (!needed.contains(digest)) {
                    strange.add("blob that nothing needs: " + name(blob));
                }
            }
        }
        List<String> names = names(layers);
        for (String name : names) {
            String mark = name + ".done";
            if (name.endsWith(".done") && !names.contains(name.substring(0, name.length() - ".done".length()))) {
                strange.add("mark without a layer: " + name);
            } else if (name.endsWith(".unfinished")) {
                strange.add("layer half unpacked: " + name);
            } else if (names.contains(mark) && !Programs.isWhole(layers.resolve(name))) {
                strange.add("layer that isn't whole: " + name + " " + Rig.filesBelow(layers.resolve(name)));
            }
        }
    }

    private static Digest digest(Path file) {
        try {
            return Digest.of(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(Path file) {
        try {
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Files.readString(file) : "";
        } catch (IOException e) {
            return "";
        }
    }
}
