/** What each of the services needs to be a good service, written once: settings, HTTP shell, health, metrics, topics. */
package io.firstcome.kit;
