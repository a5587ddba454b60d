package io.skerry.content;

import io.skerry.content.files.DurableFiles;
import io.skerry.spec.ProblemException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Writes the same thing several times, each time with what came of it, as a program of its own whose syncs can be made to fail. */
final class OnAFailingDisk {
    private OnAFailingDisk() {}

    /** @param arguments {@code file} or {@code blob}, a folder, and how often */
    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[1]);
        byte[] content = "new".getBytes(StandardCharsets.UTF_8);
        ContentStore store = ContentStore.open(folder.resolve("store"));
        for (int i = Integer.parseInt(arguments[2]); i > 0; i--) {
            try {
                if (arguments[0].equals("file")) {
                    DurableFiles.write(folder.resolve("file"), content, 0600);
                } else {
                    store.put(content);
                }
                System.out.println("kept");
            } catch (ProblemException e) {
                System.out.println(e.code());
            }
        }
    }
}
