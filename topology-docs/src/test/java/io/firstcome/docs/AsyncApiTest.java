package io.firstcome.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

import io.firstcome.contract.AboutCoupon;
import io.firstcome.contract.ChangeRejectionReason;
import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CouponChanged.Change;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.json.Json;
import io.firstcome.contract.topic.DeadLetterTopic;
import io.firstcome.contract.topic.Topic;
import io.firstcome.contract.topic.TopicSpec;
import io.firstcome.contract.topic.Topics;
import io.firstcome.kit.service.WriterVersion;
import io.firstcome.kit.tracing.Tracing;
import io.firstcome.testkit.description.Schemas;

/** {@code docs/asyncapi.yaml} matches the contract. */
class AsyncApiTest {

    private final JsonNode document = read();
    private final Schemas schemas = Schemas.ofAsyncApi(document);

    @Test
    void shouldBeValidByTheAsyncApiSchema() {
        // given
        var asyncApi = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                .getSchema(getClass().getResourceAsStream("/asyncapi/asyncapi-3.0.0.schema.json"));

        // when
        var errors = asyncApi.validate(document);

        // then
        assertThat(errors).isEmpty();
    }

    /** JSON Schema draft 7 ignores all members next to a reference. */
    @Test
    void shouldHaveNoMembersNextToAReference() {
        // when
        List<JsonNode> parents = document.findParents("$ref");

        // then
        assertThat(parents).isNotEmpty().allSatisfy(it -> assertThat(it).as("%s", it).hasSize(1));
    }

    @Test
    void shouldListEveryTopicWithItsSettings() {
        // when
        Map<String, Map<String, String>> described = channels()
                .collect(Collectors.toMap(it -> it.path("address").asText(), AsyncApiTest::settings));

        // then
        assertThat(described).isEqualTo(
                Topics.all().stream().collect(Collectors.toMap(TopicSpec::name, TopicSpec::settings)));
    }

    @Test
    void shouldListTheMessagesOfEachTopic() {
        assertThat(messages(Topics.COMMANDS)).isEqualTo(names(CouponCommand.class.getPermittedSubclasses()));
        assertThat(messages(Topics.OUTCOMES)).isEqualTo(names(CouponOutcome.class.getPermittedSubclasses()));
        assertThat(messages(Topics.STATES)).isEqualTo(names(CouponState.class));
        assertThat(messages(Topics.COMMANDS_DLQ)).containsExactly("DeadLetter", "DeadLetterMark");
        assertThat(messages(Topics.OUTCOMES_DLQ)).containsExactly("DeadLetter", "DeadLetterMark");
    }

    @Test
    void shouldContainTheExamplesOfTheTopicsPage() {
        examples().forEach((name, examples) -> assertThat(
                document.at("/components/messages/" + name + "/examples").valueStream().map(it -> it.path("payload")))
                .as(name).containsExactlyElementsOf(examples));
    }

    @Test
    void shouldAcceptWhatTheContractWrites() {
        examples().forEach((name, examples) -> examples
                .forEach(example -> assertThat(schemas.faults(name, example)).as("%s %s", name, example).isEmpty()));
    }

    @Test
    void shouldDescribeExactlyTheMembersOfEachType() {
        examples().forEach((name, examples) -> {
            JsonNode schema = document.at("/components/schemas/" + name);
            assertThat(members(schema.path("properties"))).as(name)
                    .isEqualTo(examples.stream().flatMap(it -> members(it).stream())
                            .collect(Collectors.toCollection(TreeSet::new)));
            assertThat(schema.path("required").valueStream().map(JsonNode::asText)).as(name)
                    .containsExactlyInAnyOrderElementsOf(commonMembers(examples));
            assertThat(schema.path("additionalProperties").asBoolean(true)).as(name).isFalse();
        });
        assertThat(members(document.at("/components/schemas/CouponDefinition/properties")))
                .isEqualTo(members(json(Topics.STATES, Examples.STATES.getLast()).path("definition")));
        assertThat(document.at("/components/schemas/CouponDefinition/required").valueStream().map(JsonNode::asText))
                .containsExactlyInAnyOrderElementsOf(
                        members(json(Topics.STATES, Examples.STATES.getFirst()).path("definition")));
        assertThat(document.at("/components/schemas/CouponDefinition/properties/stock/maximum").asLong())
                .isEqualTo(CouponDefinition.MAX_STOCK);
        assertThat(document.at("/components/schemas/CouponDefinition/properties/perUser/maximum").asInt())
                .isEqualTo(CouponDefinition.MAX_PER_USER);
        assertThat(document.at("/components/schemas/Sequence/maximum").asLong()).isEqualTo(CouponOutcome.MAX_SEQUENCE);
    }

    @Test
    void shouldListEveryEnumConstant() {
        assertThat(constants("IssueRejected/properties/reason")).isEqualTo(names(RejectionReason.values()));
        assertThat(constants("ChangeRejected/properties/reason")).isEqualTo(names(ChangeRejectionReason.values()));
        assertThat(constants("CouponChanged/properties/change")).isEqualTo(names(Change.values()));
        assertThat(constants("CouponState/properties/status")).isEqualTo(names(CouponStatus.values()));
    }

    @Test
    void shouldDescribeTheHeadersOfEveryWrittenMessage() {
        assertThat(members(document.at("/components/messageTraits/Written/headers/properties")))
                .containsExactlyInAnyOrder(WriterVersion.HEADER, Tracing.TRACEPARENT);
        examples().keySet().forEach(name -> assertThat(
                document.at("/components/messages/" + name + "/traits").findValuesAsText("$ref")).as(name)
                .containsExactly("#/components/messageTraits/Written"));
    }

    @Test
    void shouldDescribeTheHeadersOfDeadLetters() {
        // when
        Set<String> headers = members(document.at("/components/messages/DeadLetter/headers/properties"));

        // then
        assertThat(headers)
                .containsExactlyInAnyOrder(DeadLetterTopic.REASON, DeadLetterTopic.ORIGIN, DeadLetterTopic.CUT);
        assertThat(members(document.at("/components/messages/DeadLetterMark/headers/properties")))
                .containsExactlyInAnyOrder(DeadLetterTopic.MARK, DeadLetterTopic.LETTER, DeadLetterTopic.BY,
                        DeadLetterTopic.NOTE);
    }

    @Test
    void shouldContainOnlyResolvableReferences() {
        // when
        List<String> references = document.findValuesAsText("$ref");

        // then
        assertThat(references)
                .allSatisfy(ref -> assertThat(document.at(ref.substring(1)).isMissingNode()).as(ref).isFalse());
    }

    /** The examples as JSON, by the name of their type. */
    private static Map<String, List<JsonNode>> examples() {
        Stream<Map.Entry<String, JsonNode>> all = Stream.of(
                Examples.COMMANDS.stream().map(it -> example(Topics.COMMANDS, it)),
                Examples.OUTCOMES.stream().map(it -> example(Topics.OUTCOMES, it)),
                Examples.STATES.stream().map(it -> example(Topics.STATES, it))).flatMap(it -> it);
        return all.collect(Collectors.groupingBy(Map.Entry::getKey,
                Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
    }

    private static <V extends AboutCoupon> Map.Entry<String, JsonNode> example(Topic<V> topic, V value) {
        return Map.entry(value.getClass().getSimpleName(), json(topic, value));
    }

    private static <V extends AboutCoupon> JsonNode json(Topic<V> topic, V value) {
        try {
            return Json.mapper().readTree(new String(topic.encode(value), UTF_8));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private Stream<JsonNode> channels() {
        return document.path("channels").valueStream();
    }

    /** The binding of AsyncAPI defines some settings of a topic only; linters reject the others there. */
    private static Map<String, String> settings(JsonNode channel) {
        return Stream.of(channel.at("/bindings/kafka/topicConfiguration"), channel.path("x-topic-settings"))
                .flatMap(JsonNode::propertyStream)
                .collect(Collectors.toMap(Map.Entry::getKey, it -> it.getValue().isArray()
                        ? it.getValue().valueStream().map(JsonNode::asText).collect(Collectors.joining(","))
                        : it.getValue().asText()));
    }

    private Set<String> messages(TopicSpec topic) {
        return members(channels().filter(it -> it.path("address").asText().equals(topic.name())).findAny().orElseThrow()
                .path("messages"));
    }

    private Set<String> constants(String path) {
        return document.at("/components/schemas/" + path + "/enum").valueStream().map(JsonNode::asText)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> commonMembers(List<JsonNode> values) {
        Set<String> common = members(values.getFirst());
        values.forEach(it -> common.retainAll(members(it)));
        return common;
    }

    private static Set<String> members(JsonNode value) {
        return value.propertyStream().map(Map.Entry::getKey).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> names(Enum<?>... constants) {
        return Arrays.stream(constants).map(Enum::name).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> names(Class<?>... types) {
        return Arrays.stream(types).map(Class::getSimpleName).collect(Collectors.toCollection(TreeSet::new));
    }

    private static JsonNode read() {
        try {
            return Schemas.yaml(Files.newInputStream(Path.of("..", "docs", "asyncapi.yaml")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
