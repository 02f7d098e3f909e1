package io.firstcome.system;

import io.firstcome.standalone.check.CheckProgress;

/** Shows nothing. */
final class SilentProgress implements CheckProgress {

    @Override
    public void reading(long records) {}

    @Override
    public void read(long records) {}

    @Override
    public void comparing(String part) {}
}
