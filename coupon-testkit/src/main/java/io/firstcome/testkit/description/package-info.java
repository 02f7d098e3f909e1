/** What the interface's description says a value may be. Needs networknt's validator, which users of this package bring along. */
package io.firstcome.testkit.description;
