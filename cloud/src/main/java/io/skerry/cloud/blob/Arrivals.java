package io.skerry.cloud.blob;

import io.skerry.content.ContentStore;
import io.skerry.content.files.DurableFiles;
import io.skerry.spec.Names;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where blobs stay while they come from far, until they are whole: a store for each of those that fetch. None of them sees by what
 * it has to fetch what another one has begun.
 */
final class Arrivals {
    private final Path folder;
    private final String writer;

    /**
     * @param folder made when something arrives
     * @param writer a name that only this process has, now and after a restart
     */
    Arrivals(Path folder, String writer) {
        this.folder = folder;
        this.writer = Names.checked("A writer of content", writer);
    }

    /** @param owner a customer's id */
    ContentStore of(String owner) {
        return ContentStore.open(folder.resolve(writer).resolve(Names.checked("An owner of content", owner)));
    }

    /** Removes what this or another process hasn't touched since. */
    void forgetUnfinished(Instant untouchedSince) {
        for (Path theirs : folders(folder)) {
            for (Path owned : folders(theirs)) {
                ContentStore store = ContentStore.open(owned);
                Stream.concat(store.unfinished().stream(), store.list().stream())
                        .filter(digest -> store.writtenAt(digest)
                                .filter(untouchedSince::isAfter)
                                .isPresent())
                        .forEach(store::delete);
            }
        }
    }

    private static List<Path> folders(Path folder) {
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(Files::isDirectory).toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw DurableFiles.failed("read", folder, e);
        }
    }
}
