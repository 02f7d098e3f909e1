/** What Kafka has of a running system, read without a group and without any write, and consistent cuts through it. */
package io.firstcome.standalone.check.log;
