package io.skerry.lab.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.device.host.CommandResult;
import io.skerry.lab.host.HostTools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The trap of JDK 25: a start cache that is older than its jar makes it run old code. */
class StartScriptIT {
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    @TempDir
    Path folder;

    private final HostTools tools = new HostTools();

    @Test
    void aChangedJarBesideAnOldCacheRunsTheNewCode() throws IOException {
        Path program = program("old");
        Path cache = cache(program);
        assertThat(run(program, "-Xlog:aot=off")).isEqualTo("old");
        assertThat(loadedFromCache(program)).isTrue();

        Files.copy(jar("new"), program.resolve("lib/hello.jar"), StandardCopyOption.REPLACE_EXISTING);
        assertThat(Files.exists(cache)).isTrue();
        assertThat(run(program, "-Xlog:aot=off")).isEqualTo("new");
        assertThat(loadedFromCache(program)).isFalse();
    }

    @Test
    void jarsThatWereFoundRightAreNotReadAgain() throws IOException {
        Path program = program("old");
        cache(program);
        run(program, "-Xlog:aot=off");

        // Whoever had to hash them would find that they can't be.
        assertThat(loadedFromCache(program, withoutTool("sha256sum"))).isTrue();
    }

    @Test
    void jarsThatNobodyLookedAtAreHashed() throws IOException {
        Path program = program("old");
        cache(program);

        assertThat(loadedFromCache(program, withoutTool("sha256sum"))).isFalse();
        assertThat(loadedFromCache(program)).isTrue();
    }

    @Test
    void withoutStatTheJarsAreHashedEachTime() throws IOException {
        Path program = program("old");
        cache(program);
        String path = withoutTool("stat");
        assertThat(loadedFromCache(program, path)).isTrue();

        Files.copy(jar("new"), program.resolve("lib/hello.jar"), StandardCopyOption.REPLACE_EXISTING);

        assertThat(loadedFromCache(program, path)).isFalse();
    }

    /** A search path on which a tool is found first that always fails. */
    private String withoutTool(String tool) throws IOException {
        Path tools = Files.createDirectories(folder.resolve("no-" + tool));
        Path broken = Files.writeString(tools.resolve(tool), "#!/bin/sh\nexit 1\n");
        Files.setPosixFilePermissions(broken, PosixFilePermissions.fromString("rwxr-xr-x"));
        return tools + ":" + System.getenv("PATH");
    }

    @Test
    void aProgramStartsThroughASymbolicLinkAndInAFolderWithSpaces() throws IOException {
        Path program = program("hello");
        Path link = folder.resolve("linked");
        Files.createSymbolicLink(link, program.resolve("bin/skerry-hello"));
        assertThat(start(link, "")).isEqualTo("hello");
    }

    private Path program(String words) throws IOException {
        Path sources = Files.createDirectories(folder.resolve("sources"));
        Files.copy(checkout().resolve("packaging/programs/start"), sources.resolve("start"));
        Files.writeString(sources.resolve("hello.conf"), "main=Hello\noptions='-XX:+UseSerialGC'\n");
        Path program = folder.resolve("a program");
        new ProgramFolder("hello", List.of(jar(words))).write(sources, program);
        return program;
    }

    private Path cache(Path program) throws IOException {
        Path jar = program.resolve("lib/hello.jar");
        Path cache = program.resolve("skerry-hello-" + new ProgramFolder("hello", List.of(jar)).hash() + ".aot");
        tools.run(JAVA.toString(), "-XX:+UseSerialGC", "-XX:AOTCacheOutput=" + cache, "-cp", jar.toString(), "Hello");
        assertThat(cache).exists();
        return cache;
    }

    private String run(Path program, String option) {
        return start(program.resolve("bin/skerry-hello"), option);
    }

    private boolean loadedFromCache(Path program) throws IOException {
        return loadedFromCache(program, System.getenv("PATH"));
    }

    private boolean loadedFromCache(Path program, String path) throws IOException {
        Path log = folder.resolve("classes.log");
        start(program.resolve("bin/skerry-hello"), "-Xlog:class+load:file=" + log, path);
        return Files.readString(log).contains("Hello source: shared objects file");
    }

    private String start(Path script, String options) {
        return start(script, options, System.getenv("PATH"));
    }

    private String start(Path script, String options, String path) {
        CommandResult result = tools.attempt(
                "",
                Duration.ofMinutes(1),
                List.of(
                        "env",
                        "PATH=" + path,
                        "SKERRY_JAVA=" + JAVA,
                        "JDK_JAVA_OPTIONS=" + options,
                        script.toString()));
        return result.orFail().out().strip();
    }

    /** A jar with a class that prints these words. */
    private Path jar(String words) throws IOException {
        Path work = Files.createDirectories(folder.resolve("work-" + words));
        Path source = work.resolve("Hello.java");
        Files.writeString(
                source,
                "public class Hello { public static void main(String[] a) { System.out.println(\"" + words
                        + "\"); } }");
        List<String> arguments = new ArrayList<>(List.of("-d", work.toString(), source.toString()));
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)))
                .isZero();
        Path jar = work.resolve("hello.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new JarEntry("Hello.class"));
            out.write(Files.readAllBytes(work.resolve("Hello.class")));
        }
        return jar;
    }

    private static Path checkout() {
        Path here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("packaging")) ? here : parent(here);
    }

    private static Path parent(Path folder) {
        Path parent = folder.getParent();
        if (parent == null) {
            throw new UncheckedIOException(new IOException("no checkout above " + folder));
        }
        return parent;
    }
}
