package io.skerry.lab.dist;

import io.skerry.lab.Folders;
import io.skerry.lab.host.Processes;
import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The last step of the build, called by Maven: makes {@code target/dist/<hash>/{cloud,device,cli,lab}} out of the modules' jars
 * and points {@code target/dist/current} at it. Programs and settings in a folder never change once it stands, because
 * they may be running; older ones go when nothing runs from them any more.
 */
public final class DistributionProgram {
    private static final List<String> PROGRAMS = List.of("cloud", "device", "cli", "lab");
    private static final int KEPT = 2;

    private final Path checkout;
    private final Path dist;
    private final PrintStream out;

    private DistributionProgram(Path checkout, PrintStream out) {
        this.checkout = checkout;
        this.dist = checkout.resolve("target/dist");
        this.out = out;
    }

    /** @param arguments the checkout's folder */
    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try {
            new DistributionProgram(Path.of(arguments[0]).toAbsolutePath().normalize(), out).make();
        } catch (IOException | UncheckedIOException | ProblemException e) {
            out.println("The programs can't be put together: " + e);
            e.printStackTrace(out);
            System.exit(1);
        }
    }

    private void make() throws IOException {
        List<ProgramFolder> programs = new ArrayList<>();
        for (String name : PROGRAMS) {
            programs.add(new ProgramFolder(name, jars(name)));
        }
        String version = version(programs);
        Path folder = dist.resolve(version);
        if (!Files.isDirectory(folder)) {
            Path fresh = dist.resolve("." + version + ".new");
            Folders.delete(fresh);
            for (ProgramFolder program : programs) {
                program.write(checkout.resolve("packaging/programs"), fresh.resolve(program.name()));
            }
            new DeviceRuntime(dist, out).write(fresh.resolve("device"));
            Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
            new DeviceCache(folder, out).make();
        }
        pointAt(version);
        prune();
    }

    /** What Maven wrote down of a module's libraries, and the module's own jar. */
    private List<Path> jars(String module) throws IOException {
        Path target = checkout.resolve(module).resolve("target");
        List<Path> jars = new ArrayList<>();
        for (String jar :
                Files.readString(target.resolve("runtime-classpath")).strip().split(File.pathSeparator, -1)) {
            jars.add(Path.of(jar));
        }
        try (Stream<Path> own = Files.list(target)) {
            own.filter(p -> p.getFileName().toString().matches("skerry-" + module + "-[0-9][^-]*\\.jar"))
                    .forEach(jars::add);
        }
        return jars;
    }

    private String version(List<ProgramFolder> programs) throws IOException {
        StringBuilder all = new StringBuilder(System.getProperty("java.runtime.version"));
        for (ProgramFolder program : programs) {
            all.append(program.hash());
        }
        try (Stream<Path> sources = Files.list(checkout.resolve("packaging/programs"))) {
            for (Path source : sources.sorted().toList()) {
                all.append(Digest.of(Files.readAllBytes(source)));
            }
        }
        return Digest.of(all.toString().getBytes(StandardCharsets.UTF_8)).hex().substring(0, 16);
    }

    private void pointAt(String version) throws IOException {
        Path link = dist.resolve(".current.new");
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, Path.of(version));
        Files.move(link, dist.resolve("current"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Files.setLastModifiedTime(
                dist.resolve(version), java.nio.file.attribute.FileTime.from(java.time.Instant.now()));
    }

    private void prune() throws IOException {
        Processes processes = new Processes();
        try (Stream<Path> all = Files.list(dist)) {
            all.filter(p -> p.getFileName().toString().matches("[0-9a-f]{16}"))
                    .map(p -> Map.entry(p, p.toFile().lastModified()))
                    .sorted(Map.Entry.<Path, Long>comparingByValue().reversed())
                    .skip(KEPT)
                    .map(Map.Entry::getKey)
                    .filter(folder -> !processes.inUse(folder))
                    .forEach(Folders::delete);
        }
    }
}
