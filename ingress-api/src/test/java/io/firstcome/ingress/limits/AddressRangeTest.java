package io.firstcome.ingress.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangeTest {

    @ParameterizedTest
    @CsvSource({"10.0.0.0/8,10.255.255.255,true", "10.0.0.0/8,11.0.0.0,false", "10.1.2.3,10.1.2.3,true",
        "10.1.2.3,10.1.2.2,false", "192.168.1.128/25,192.168.1.127,false", "192.168.1.128/25,192.168.1.129,true",
        "0.0.0.0/0,203.0.113.9,true", "0.0.0.0/0,::1,false", "2001:db8::/32,2001:db8:ffff::1,true",
        "2001:db8::/32,2001:db9::1,false", "::1,::1,true", "10.0.0.0/8,::ffff:10.0.0.1,true"})
    void shouldContainTheAddressesWithItsPrefix(String range, String address, boolean within) {
        assertThat(AddressRange.of(range).contains(InetAddress.ofLiteral(address))).isEqualTo(within);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "::/129", "10.0.0.0/8/8"})
    void shouldRefuseATextThatIsNoRange(String text) {
        assertThatThrownBy(() -> AddressRange.of(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
