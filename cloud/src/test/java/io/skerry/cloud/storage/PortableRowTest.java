package io.skerry.cloud.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.spec.ProblemException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PortableRowTest {
    @Test
    void anyTextComesBackAsItWas() throws SQLException {
        var random = new Random(7);
        String[] pieces = {"\t", "\n", "\r", "\\", "\\N", "\\.", "N", "t", "", "\u2028", "å", "\uD83D\uDEA2", "'"};
        for (int round = 0; round < 500; round++) {
            var row = new ArrayList<@Nullable String>();
            for (int column = 0; column < 3; column++) {
                var value = new StringBuilder();
                for (int n = random.nextInt(6); n > 0; n--) {
                    value.append(pieces[random.nextInt(pieces.length)]);
                }
                row.add(random.nextInt(5) == 0 ? null : value.toString());
            }

            String line = line(row);

            assertThat(line).doesNotContain("\n", "\r");
            assertThat(PortableRow.values(line, 3)).isEqualTo(row);
        }
    }

    @Test
    void aLineThatIsNoRowIsRefused() {
        for (String line : List.of("one", "one\ttwo\tthree", "a\\x\tb", "a\tb\\")) {
            assertThatThrownBy(() -> PortableRow.values(line, 2))
                    .as(line)
                    .isInstanceOfSatisfying(
                            ProblemException.class, e -> assertThat(e.code()).isEqualTo("backup.damaged"));
        }
        assertThat(PortableRow.values("a\t\\N", 2)).isEqualTo(Arrays.asList("a", null));
    }

    private static String line(List<@Nullable String> row) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite::memory:");
                var select = connection.prepareStatement("SELECT ?, ?, ?")) {
            for (int i = 0; i < row.size(); i++) {
                select.setString(i + 1, row.get(i));
            }
            try (var rs = select.executeQuery()) {
                rs.next();
                return PortableRow.of(rs, row.size());
            }
        }
    }
}
