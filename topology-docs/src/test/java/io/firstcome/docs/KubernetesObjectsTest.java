package io.firstcome.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;

/**
 * Each object of {@code ops/kubernetes} has only members that Kubernetes' API knows, with values of their types. An API
 * server drops an unknown member without an error, so a misspelt probe would be no probe.
 */
class KubernetesObjectsTest {

    private static final Map<String, Class<? extends HasMetadata>> MODELS = Map.of(
            "v1/Namespace", Namespace.class,
            "v1/ConfigMap", ConfigMap.class,
            "v1/Service", Service.class,
            "v1/ServiceAccount", ServiceAccount.class,
            "apps/v1/Deployment", Deployment.class,
            "apps/v1/StatefulSet", StatefulSet.class,
            "autoscaling/v2/HorizontalPodAutoscaler", HorizontalPodAutoscaler.class,
            "networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class,
            "policy/v1/PodDisruptionBudget", PodDisruptionBudget.class);

    private static final ObjectMapper STRICT = strict();

    static Stream<JsonNode> objects() throws IOException {
        return DeploymentFilesTest.manifests();
    }

    @ParameterizedTest
    @MethodSource("objects")
    void shouldKnowEveryMember(JsonNode object) throws IOException {
        // when
        HasMetadata read = read(object);

        // then
        assertThat(read.getMetadata().getName()).isEqualTo(object.at("/metadata/name").asText()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({"'', spek", "/spec, replica", "/spec/template/spec, terminationGracePeriod",
        "/spec/template/spec/containers/0, readynessProbe",
        "/spec/template/spec/containers/0/readinessProbe/httpGet, url"})
    void shouldFindAMisspeltMember(String parent, String name) throws IOException {
        // given
        JsonNode deployment = deployment();
        ((ObjectNode) deployment.at(parent)).put(name, 1);

        // then
        assertThatThrownBy(() -> read(deployment)).isInstanceOf(JsonMappingException.class)
                .hasMessageContaining('"' + name + '"');
    }

    @Test
    void shouldFindANumberInPlaceOfAText() throws IOException {
        // given
        JsonNode deployment = deployment();
        ((ObjectNode) deployment.at("/spec/selector/matchLabels")).put("number", 1);

        // then
        assertThatThrownBy(() -> read(deployment)).isInstanceOf(JsonMappingException.class)
                .hasMessageContaining("String");
    }

    private static JsonNode deployment() throws IOException {
        return objects().filter(object -> object.path("kind").asText().equals("Deployment")).findFirst().orElseThrow();
    }

    private static HasMetadata read(JsonNode object) throws IOException {
        String type = object.path("apiVersion").asText() + "/" + object.path("kind").asText();
        assertThat(MODELS).containsKey(type);
        return STRICT.treeToValue(object, MODELS.get(type));
    }

    /** The models keep unknown members in a map of their own. Without that map the mapper refuses them. */
    private static ObjectMapper strict() {
        JsonMapper mapper = JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .annotationIntrospector(new JacksonAnnotationIntrospector() {
                    private static final long serialVersionUID = 1;

                    @Override
                    public Boolean hasAnySetter(Annotated member) {
                        return false;
                    }
                }).build();
        for (CoercionInputShape shape : new CoercionInputShape[]{CoercionInputShape.Integer, CoercionInputShape.Float,
            CoercionInputShape.Boolean}) {
            mapper.coercionConfigFor(LogicalType.Textual).setCoercion(shape, CoercionAction.Fail);
        }
        return mapper;
    }
}
