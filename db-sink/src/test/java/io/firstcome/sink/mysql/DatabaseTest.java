package io.firstcome.sink.mysql;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import io.firstcome.contract.Topics;
import io.firstcome.sink.fixture.DatabaseServer;
import io.firstcome.sink.fixture.TestDatabase;

/** A test class that runs once on each server, in a database of its own, with empty tables for each test. */
@ParameterizedClass
@EnumSource(DatabaseServer.class)
abstract class DatabaseTest {

    static final String TOPIC = Topics.OUTCOMES.name();

    static TestDatabase test;
    static Database database;

    @Parameter
    DatabaseServer server;

    @BeforeParameterizedClassInvocation
    static void create(DatabaseServer server) throws Exception {
        test = TestDatabase.create(server);
        database = test.open();
    }

    @AfterParameterizedClassInvocation
    static void drop() throws Exception {
        // Nothing was created where the class was skipped.
        if (database != null) {
            database.close();
            test.close();
            database = null;
        }
    }

    @BeforeEach
    void empty() throws Exception {
        for (String table : new String[]{"coupons", "issued_coupons", "sink_offsets"}) {
            test.execute("DELETE FROM " + table);
        }
    }
}
