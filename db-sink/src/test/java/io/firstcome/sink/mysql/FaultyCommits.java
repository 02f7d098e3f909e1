package io.firstcome.sink.mysql;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Supplier;

import javax.sql.DataSource;

/** Real connections of which some break at the commit. */
final class FaultyCommits {

    /** What happens at a commit. */
    enum Fault {
        NONE,
        /** The connection breaks before the server receives the commit. */
        BEFORE,
        /** The server commits, and its reply is lost. */
        AFTER
    }

    private FaultyCommits() {}

    /** The same connections with the next fault of {@code faults} at each commit. */
    static DataSource of(DataSource real, Supplier<Fault> faults) {
        return proxy(DataSource.class, (method, arguments) -> {
            Object result = invoke(real, method, arguments);
            return result instanceof Connection connection ? faulty(connection, faults) : result;
        });
    }

    private static Connection faulty(Connection real, Supplier<Fault> faults) {
        return proxy(Connection.class, (method, arguments) -> {
            if (!method.getName().equals("commit")) {
                return invoke(real, method, arguments);
            }
            Fault fault = faults.get();
            if (fault != Fault.BEFORE) {
                real.commit();
            }
            if (fault != Fault.NONE) {
                throw new SQLException("the connection is broken", "08S01");
            }
            return null;
        });
    }

    private interface Call {
        Object answer(Method method, Object[] arguments) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type},
                (_, method, arguments) -> call.answer(method, arguments)));
    }

    private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
