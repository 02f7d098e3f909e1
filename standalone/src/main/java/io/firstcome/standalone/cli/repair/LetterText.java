package io.firstcome.standalone.cli.repair;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

import org.apache.kafka.common.header.Header;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.firstcome.contract.json.ContractViolation;
import io.firstcome.contract.json.Json;
import io.firstcome.standalone.deadletters.Letter;

/** Dead letters as text and as JSON. The bytes of a letter come from unknown programs and may hold anything. */
final class LetterText {

    private static final int PREVIEW_LENGTH = 300;

    private LetterText() {}

    /** Two or three lines. */
    static String summary(Letter letter) {
        String payload = letter.text().map(LetterText::printable).orElseGet(() -> sizeOf(letter.record().value()));
        String preview = payload.length() > PREVIEW_LENGTH ? payload.substring(0, PREVIEW_LENGTH) + " ..." : payload;
        return "%s  %s  %s  coupon %s  from %s%n    %s%n    %s".formatted(letter.id(), letter.time(), status(letter),
                letter.couponId().map(Object::toString).orElse("unreadable"), origin(letter),
                printable(letter.reason()), preview);
    }

    /** Everything that is known of a letter. */
    static String whole(Letter letter) {
        var text = new StringBuilder();
        line(text, "letter", letter.id() + " (" + letter.id().position() + ")");
        line(text, "written", letter.time().toString());
        line(text, "state", letter.mark().map(mark -> status(letter) + " at " + mark.at() + " by "
                + printable(mark.by()) + ": " + printable(mark.note())).orElse("open"));
        line(text, "reason", printable(letter.reason()));
        line(text, "origin", origin(letter));
        letter.cut().ifPresent(sizes -> line(text, "cut", "the record has a " + printable(sizes)));
        line(text, "today", switch (letter.content()) {
            case Letter.Content.Command(var command) -> "readable as " + command.getClass().getSimpleName();
            case Letter.Content.Outcome(var outcome) -> "readable as " + outcome.getClass().getSimpleName();
            case Letter.Content.Unreadable(String why) -> "not readable: " + printable(why);
        });
        line(text, "key", bytes(letter.record().key()));
        for (Header header : letter.record().headers()) {
            line(text, "header", printable(header.key()) + " = " + bytes(header.value()));
        }
        json(letter).map(JsonNode::toPrettyString)
                .ifPresentOrElse(json -> text.append(printableLines(json)),
                        () -> text.append(bytes(letter.record().value())));
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append("%-8s %s%n".formatted(name, value));
    }

    /** One JSON object. */
    static String json(Letter letter, boolean withHeaders) {
        ObjectNode json = Json.mapper().createObjectNode();
        json.put("id", letter.id().toString()).put("topic", letter.id().topic().name())
                .put("partition", letter.id().partition()).put("offset", letter.id().offset())
                .put("time", letter.time().toString()).put("state", status(letter)).put("reason", letter.reason());
        letter.origin().ifPresent(origin -> json.putObject("origin").put("topic", origin.topic())
                .put("partition", origin.partition()).put("offset", origin.offset()));
        letter.couponId().ifPresent(couponId -> json.put("couponId", couponId.value()));
        letter.cut().ifPresent(sizes -> json.put("cut", sizes));
        letter.mark().ifPresent(mark -> json.putObject("mark").put("at", mark.at().toString()).put("by", mark.by())
                .put("note", mark.note()));
        Optional<JsonNode> payload = json(letter);
        if (payload.isPresent()) {
            json.set("payload", payload.get());
        } else if (letter.text().isPresent()) {
            json.put("text", letter.text().get());
        } else if (letter.record().value() != null) {
            json.put("base64", Base64.getEncoder().encodeToString(letter.record().value()));
        }
        if (withHeaders) {
            ObjectNode headers = json.putObject("headers");
            letter.record().headers().forEach(header -> headers.put(header.key(), bytes(header.value())));
        }
        return new String(Json.write(json), UTF_8);
    }

    private static Optional<JsonNode> json(Letter letter) {
        try {
            return Optional.of(Json.read(letter.record().value(), JsonNode.class));
        } catch (ContractViolation _) {
            return Optional.empty();
        }
    }

    private static String status(Letter letter) {
        return letter.mark().map(mark -> mark.kind().name().toLowerCase(Locale.ROOT)).orElse("open");
    }

    private static String origin(Letter letter) {
        return letter.origin().map(Object::toString).orElse("unknown");
    }

    private static String bytes(byte[] bytes) {
        return bytes == null ? "none" : printable(new String(bytes, UTF_8));
    }

    private static String sizeOf(byte[] bytes) {
        return bytes == null ? "no value" : bytes.length + " bytes that are no text";
    }

    /** In one line, without the control characters by which a record could drive the terminal. */
    private static String printable(String text) {
        return text.replaceAll("\\p{C}", "?");
    }

    private static String printableLines(String text) {
        return text.lines().map(LetterText::printable).reduce((a, b) -> a + System.lineSeparator() + b).orElse("");
    }
}
