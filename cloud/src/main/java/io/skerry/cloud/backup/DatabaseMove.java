package io.skerry.cloud.backup;

import io.skerry.cloud.desired.Epochs;
import io.skerry.cloud.storage.DataFolder;
import io.skerry.cloud.storage.Moved;
import io.skerry.cloud.storage.NewDatabase;
import io.skerry.cloud.storage.PostgresAddress;
import io.skerry.cloud.storage.RowSum;
import io.skerry.cloud.storage.Snapshot;
import io.skerry.cloud.storage.Unfinished;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the embedded database of a stopped control plane to PostgreSQL. Keys and content stay in the data folder.
 *
 * <p>All goes in one transaction there, right before whose end the folder is marked; a move that was cut off begins anew or, when
 * the database kept it, is only marked as done. The embedded database is left as it is, and nobody uses it any more. A new epoch
 * begins, so that devices would refuse what it says.
 */
public final class DatabaseMove {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseMove.class);

    private final Path data;
    private final PostgresAddress target;
    private final InstantSource time;

    /** @param data the folder whose database is moved */
    public DatabaseMove(Path data, PostgresAddress target, InstantSource time) {
        this.data = data;
        this.target = target;
        this.time = time;
    }

    /**
     * Moves it.
     *
     * @return what each table has, which was compared on both sides
     * @throws ProblemException {@code data.in-use} while a control plane runs on it, {@code data.moved}, {@code
     *     data.unfinished}, {@code backup.nothing}, {@code database.not-empty}, {@code database.…}, {@code
     *     storage.unavailable}
     */
    public Map<String, RowSum> carryOut() {
        Snapshot.requireOne(data);
        try (DataFolder folder = DataFolder.openUnfinished(data);
                Snapshot source = Snapshot.of(data)) {
            var mark = new Unfinished("migrate", target.told());
            refuseOther(mark);
            NewDatabase database = NewDatabase.at(target);
            Map<String, RowSum> sums;
            if (DataFolder.unfinished(data).isPresent() && isMoved(database, source)) {
                sums = sums(source);
            } else {
                sums = database.fill(source, h -> {
                    LOG.info("Epoch {} begins.", Epochs.begin(h, time));
                    folder.begin(mark);
                });
            }
            folder.moved(new Moved(target.told(), time.millis()));
            return sums;
        }
    }

    private void refuseOther(Unfinished mine) {
        DataFolder.unfinished(data).filter(other -> !other.equals(mine)).ifPresent(other -> {
            String where = other.database().isEmpty() ? "" : " with the database " + other.database();
            throw new Problem(
                            "data.unfinished",
                            "'skerry cloud " + other.what() + "'" + where + " was begun on the data folder " + data
                                    + " and isn't done.",
                            "Finish that one first, by the same command.")
                    .asException();
        });
    }

    private static boolean isMoved(NewDatabase database, Snapshot source) {
        return Set.of(Epochs.table()).containsAll(database.differing(source));
    }

    private static Map<String, RowSum> sums(Snapshot source) {
        var sums = new TreeMap<String, RowSum>();
        source.columns().keySet().forEach(table -> {
            var counter = new RowSum.Counter();
            source.rows(table, counter::add);
            sums.put(table, counter.sum());
        });
        return sums;
    }
}
