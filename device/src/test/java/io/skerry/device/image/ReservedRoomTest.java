package io.skerry.device.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What room is taken for images before they come, and given back. */
class ReservedRoomTest extends ImageScene {
    @Test
    void refusesImagesThatTheDiskHasNoRoomForBeforeTheirFirstLayer() throws IOException {
        Image small = registry.image("linux", "amd64", "one");
        Image huge = new Image(small.repository(), small.manifest(), small.compressedBytes(), Long.MAX_VALUE / 4);

        assertThatThrownBy(() -> images.reserve(REVISION, List.of(huge), 0))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.code()).isEqualTo("disk.full");
                    assertThat(e.problem().sentence())
                            .containsPattern("needs \\d+ MB .* only \\d+ MB .* \\d+ MB are short");
                });
        assertProblem("disk.full", () -> prepare(huge));

        assertThat(registry.asked)
                .noneMatch(a -> a.contains(registry.layers(small).getFirst().value()));
    }

    @Test
    void reservesOnceWhatImagesShare() throws IOException {
        Image one = registry.image("linux", "amd64", "base", "one");
        Image two = registry.image("linux", "amd64", "base", "two");

        images.reserve(REVISION, List.of(one), 0);
        long forOne = reserved();
        images.reserve(REVISION, List.of(one, two), 0);
        long forBoth = reserved();
        images.reserve(REVISION, List.of(one, two, one), 5000);

        assertThat(forBoth).isGreaterThan(forOne).isLessThan(2 * forOne);
        assertThat(reserved()).isEqualTo(forBoth + 5000);
    }

    @Test
    void givesBackWhatWasReservedAsItArrivesAndKeepsWhatIsWantedBesides() throws IOException {
        Image image = registry.image("linux", "amd64", "one", "two");
        images.reserve(REVISION, List.of(image), 5000);
        long atFirst = reserved();

        images.fetch(image);
        long fetched = reserved();
        images.unpack(image);

        assertThat(fetched).isLessThan(atFirst).isGreaterThan(5000);
        assertThat(reserved()).isEqualTo(5000);
        images.release(REVISION);
        assertThat(content.resolve("reserved")).isEmptyDirectory();
    }

    @Test
    void whatOneRevisionReservedStaysWhenAnotherReservesAndIsGivenBack() throws IOException {
        Image image = registry.image("linux", "amd64", "one");
        images.reserve(REVISION, List.of(), 5000);

        images.reserve(REVISION + 1, List.of(image), 0);
        images.fetch(image);
        images.release(REVISION + 1);

        assertThat(files(content.resolve("reserved")))
                .containsExactly(content.resolve("reserved/" + REVISION).toString());
        assertThat(reserved()).isEqualTo(5000);
    }

    @Test
    void whatIsHereIsNotReserved() throws IOException {
        Image image = registry.image("linux", "amd64", "one");
        prepare(image);

        images.reserve(REVISION, List.of(image), 0);

        assertThat(content.resolve("reserved")).isEmptyDirectory();
    }

    @Test
    void aBrokenFetchKeepsTheRoomForTheRest() throws IOException {
        Image image = registry.image("linux", "amd64", "one");
        images.reserve(REVISION, List.of(image), 5000);
        registry.corrupt(registry.layers(image).getFirst());
        assertThatThrownBy(() -> images.fetch(image)).isInstanceOf(ProblemException.class);
        registry.corrupt(registry.layers(image).getFirst());

        images.fetch(image);
        images.unpack(image);

        assertThat(reserved()).isEqualTo(5000);
    }

    @Test
    void whatADaemonReservedThatWasKilledIsGivenBack() throws IOException {
        images.reserve(REVISION, List.of(registry.image("linux", "amd64", "one")), 5000);

        store(synced::add);

        assertThat(content.resolve("reserved")).isEmptyDirectory();
    }

    @Test
    void goesOnWhereTheFileSystemTakesNoRoomInAdvance() throws IOException {
        Image image = registry.image("linux", "amd64", "one");
        disk = new TestDisk(synced::add, false, laidUnder);
        images = store();
        images.reserve(REVISION, List.of(image), 5000);

        prepare(image);

        assertThat(images.prepared(image.manifest())).isPresent();
    }

    private long reserved() throws IOException {
        return Files.size(content.resolve("reserved/" + REVISION));
    }
}
