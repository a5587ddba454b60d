package io.skerry.device.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.content.oci.ImageConfig;
import io.skerry.device.revision.PreparedImage;
import io.skerry.device.revision.Slot;
import io.skerry.spec.desired.RestartPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlotsTest {
    private static final ContainerFolder PLAIN = new ContainerFolder(Path.of("/c/web"), Path.of("/n/web"));

    @TempDir
    private Path data = Path.of("");

    static ContainerRecord record(int number) {
        ImageConfig config = new ImageConfig(
                "linux",
                "amd64",
                "",
                List.of(),
                List.of("/run"),
                Map.of(),
                "",
                "/",
                "SIGTERM",
                List.of(),
                List.of(),
                Optional.empty(),
                List.of());
        return ContainerRecord.of(
                Sandbox.container(RestartPolicy.ALWAYS),
                new PreparedImage(Sandbox.MANIFEST, config, Path.of("/layers"), List.of("a")),
                number,
                io.skerry.spec.desired.Goal.STARTED);
    }

    private static Form form(ContainerFolder folder, int number) {
        return Form.known(folder, record(number));
    }

    @Test
    void bothFoldersAreOneNames() {
        assertThat(PLAIN.other().id()).isEqualTo("web+");
        assertThat(PLAIN.other().name()).isEqualTo("web");
        assertThat(PLAIN.other().other()).isEqualTo(PLAIN);
    }

    @Test
    void theSmallerNumberIsTheMainOneWhicheverItsFolder() {
        Slots slots = Slots.of(List.of(form(PLAIN, 8), form(PLAIN.other(), 7)));

        assertThat(slots.folder(Slot.MAIN, PLAIN)).isEqualTo(PLAIN.other());
        assertThat(slots.folder(Slot.BESIDE, PLAIN)).isEqualTo(PLAIN);
    }

    @Test
    void theOneBesideTakesTheOthersPlaceAndMakesRoomForTheNext() {
        Slots slots = Slots.NONE;
        ContainerFolder main = slots.folder(Slot.MAIN, PLAIN);
        slots = slots.with(form(main, slots.number(Slot.MAIN)));
        for (int update = 0; update < 5; update++) {
            ContainerFolder old = slots.folder(Slot.MAIN, PLAIN);
            ContainerFolder next = slots.folder(Slot.BESIDE, PLAIN);
            assertThat(next).isEqualTo(old.other());
            slots = slots.with(form(next, slots.number(Slot.BESIDE)));
            assertThat(slots.folder(Slot.MAIN, PLAIN)).isEqualTo(old);

            slots = slots.without(old);

            assertThat(slots.folder(Slot.MAIN, PLAIN)).isEqualTo(next);
            assertThat(slots.beside()).isEmpty();
        }
    }

    @Test
    void whatReplacesAFormHasItsPlace() {
        Slots slots = Slots.of(List.of(form(PLAIN, 3), form(PLAIN.other(), 4)));

        assertThat(slots.number(Slot.MAIN)).isEqualTo(3);
        assertThat(slots.number(Slot.BESIDE)).isEqualTo(4);
        assertThat(slots.with(form(PLAIN, slots.number(Slot.MAIN))).folder(Slot.MAIN, PLAIN))
                .isEqualTo(PLAIN);
    }

    @Test
    void theDiskTellsTheSame() throws IOException {
        ContainerFolder plain = new ContainerFolder(data.resolve("web"), data.resolve("notes/web"));
        Files.createDirectories(plain.root());
        Files.createDirectories(plain.other().root());
        assertThat(Slots.mainOnDisk(plain)).isEmpty();

        Records.write(plain, record(2));
        assertThat(Slots.mainOnDisk(plain)).hasValue(plain);
        Records.write(plain.other(), record(3));
        assertThat(Slots.mainOnDisk(plain)).hasValue(plain);
        Files.delete(plain.record());
        assertThat(Slots.mainOnDisk(plain)).hasValue(plain.other());
        Records.write(plain, record(4));
        assertThat(Slots.mainOnDisk(plain)).hasValue(plain.other());
        Files.writeString(plain.other().record(), "");
        assertThat(Slots.mainOnDisk(plain)).hasValue(plain);
    }
}
