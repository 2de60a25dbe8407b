package io.bytelm.service.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceAddressTest {
    @ParameterizedTest
    @ValueSource(strings = {"localhost:9095", "127.0.0.1:1", "[::1]:65535", "service-0.service.bytelm.svc:9095"})
    void whatIsReadIsWrittenTheSame(String text) {
        assertThat(ServiceAddress.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "localhost", ":9095", "localhost:", "localhost:http", "localhost:65536", "::1:9095", "a:-1"})
    void whatIsNoneIsShown(String text) {
        assertThatThrownBy(() -> ServiceAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not an address: '" + text + "'");
    }

    @Test
    void severalStandBetweenCommasEachOnce() {
        assertThat(ServiceAddress.parseAll("a:1, b:2"))
                .containsExactly(new ServiceAddress("a", 1), new ServiceAddress("b", 2));
        assertThatThrownBy(() -> ServiceAddress.parseAll("a:1,a:1")).hasMessageContaining("a:1 stands there twice");
        assertThatThrownBy(() -> ServiceAddress.parseAll("a:1,")).hasMessageContaining("not an address: ''");
    }

    @Test
    void loopbackIsThisMachineOnly() {
        assertThat(ServiceAddress.parse("127.0.0.1:1").isLoopback()).isTrue();
        assertThat(ServiceAddress.parse("[::1]:1").isLoopback()).isTrue();
        assertThat(ServiceAddress.parse("0.0.0.0:1").isLoopback()).isFalse();
        assertThat(ServiceAddress.parse("no-such-host.invalid:1").isLoopback()).isFalse();
    }
}
