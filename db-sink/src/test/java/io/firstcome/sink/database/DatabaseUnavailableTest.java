package io.firstcome.sink.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.ClosedChannelException;
import java.sql.SQLException;

import org.junit.jupiter.api.Test;

class DatabaseUnavailableTest {

    @Test
    void shouldShowTheFirstLineOfTheFailureAndOfItsRoot() {
        // given
        var root = new IllegalStateException("Connection refused\n at the second line");

        // when
        var unavailable = new DatabaseUnavailable(new SQLException("no connection\nmore", new SQLException("", root)));

        // then
        assertThat(unavailable).hasMessage("no connection (Connection refused)");
    }

    @Test
    void shouldNameTheClassOfARootWithoutAMessage() {
        assertThat(new DatabaseUnavailable(new SQLException("no connection", new ClosedChannelException())))
                .hasMessage("no connection (ClosedChannelException)");
    }
}
