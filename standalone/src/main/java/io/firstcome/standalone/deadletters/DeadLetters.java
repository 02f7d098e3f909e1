package io.firstcome.standalone.deadletters;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.topic.DeadLetterTopic;
import io.firstcome.contract.topic.RecordPosition;
import io.firstcome.contract.topic.Topics;
import io.firstcome.kit.service.StartFailure;
import io.firstcome.kit.settings.KafkaConnection;
import io.firstcome.sink.database.DatabaseSettings;
import io.firstcome.standalone.deadletters.Letter.Content;

/**
 * The dead letters of a cluster. A letter is open until a mark says that it was replayed or dropped.
 *
 * <p>A command is replayed by one transaction that appends it to {@code coupon-commands} and marks the letter: it is
 * appended once after any failure. An outcome is stored in MySQL and marked afterwards. Storing it again changes
 * nothing.
 */
public final class DeadLetters implements AutoCloseable {

    private final KafkaConnection kafka;
    private final LetterReader reader;

    /** @param kafka the cluster */
    public DeadLetters(KafkaConnection kafka) {
        this.kafka = kafka;
        this.reader = new LetterReader(kafka);
    }

    /** All letters of these topics, open or marked. */
    public List<Letter> letters(Collection<DeadLetterTopic> topics) {
        return reader.letters(topics);
    }

    /**
     * Replays letters in the order of their ids.
     *
     * @param ids the letters; a letter that does not exist is refused
     * @param database where outcomes are stored; asked only when there are outcomes
     * @return what became of each letter
     */
    public SequencedMap<LetterId, ReplayResult> replay(Collection<LetterId> ids,
            Supplier<DatabaseSettings> database) {
        boolean hasOutcomes = ids.stream().anyMatch(id -> id.topic().equals(Topics.OUTCOMES_DLQ));
        try (var writer = new LetterWriter(kafka);
                var outcomes = hasOutcomes ? new OutcomeReplay(kafka, database.get()) : null) {
            return each(ids, letter -> switch (letter.content()) {
                case Content.Unreadable(String why) -> new ReplayResult.Refused("it is not readable: " + why);
                case Content.Command _ -> replayCommand(letter, writer);
                case Content.Outcome(CouponOutcome outcome) -> replayOutcome(letter, outcome, outcomes, writer);
            });
        }
    }

    private ReplayResult replayCommand(Letter letter, LetterWriter writer) {
        Optional<Mark> mark = letter.mark();
        if (mark.isPresent() && mark.get().kind() == Mark.Kind.REPLAYED) {
            return new ReplayResult.Refused("it was replayed at " + mark.get().at() + " by " + mark.get().by() + " ("
                    + mark.get().note() + "); the authority decides a command once");
        }
        int partitions = reader.partitionCount(Topics.COMMANDS.name());
        if (partitions != reader.partitionCount(letter.id().topic().name())) {
            throw new StartFailure("partitions were added to a topic, so the partition of a coupon is not known; see"
                    + " \"Partitions and replicas\" in docs/operations.md");
        }
        RecordPosition appended = writer.replayCommand(letter,
                BuiltInPartitioner.partitionForKey(letter.record().key(), partitions));
        return new ReplayResult.Replayed("appended as " + appended);
    }

    private ReplayResult replayOutcome(Letter letter, CouponOutcome outcome, OutcomeReplay outcomes,
            LetterWriter writer) {
        ReplayResult result = outcomes.store(letter, outcome, reader);
        if (result instanceof ReplayResult.Replayed(String note)) {
            writer.mark(letter, Mark.Kind.REPLAYED, note);
        }
        return result;
    }

    /**
     * Marks letters that need nothing. The records stay in the topic until they expire.
     *
     * @param reason why, for other operators
     * @return what became of each letter
     */
    public SequencedMap<LetterId, ReplayResult> drop(Collection<LetterId> ids, String reason) {
        try (var writer = new LetterWriter(kafka)) {
            return each(ids, letter -> {
                if (letter.mark().isPresent()) {
                    Mark mark = letter.mark().get();
                    return new ReplayResult.Refused("it is " + mark.kind().name().toLowerCase(Locale.ROOT)
                            + " since " + mark.at() + " (" + mark.note() + ")");
                }
                writer.mark(letter, Mark.Kind.DROPPED, reason);
                return new ReplayResult.Replayed("dropped");
            });
        }
    }

    /** Called after the writer was created: earlier marks are all committed, and later ones can only be its own. */
    private SequencedMap<LetterId, ReplayResult> each(Collection<LetterId> ids,
            Function<Letter, ReplayResult> action) {
        Map<LetterId, Letter> known = letters(ids.stream().map(LetterId::topic).distinct().toList()).stream()
                .collect(Collectors.toMap(Letter::id, letter -> letter));
        SequencedMap<LetterId, ReplayResult> results = new LinkedHashMap<>();
        for (LetterId id : ids.stream().distinct().toList()) {
            Letter letter = known.get(id);
            results.put(id, letter == null
                    ? new ReplayResult.Refused("there is no such letter; it may have expired")
                    : action.apply(letter));
        }
        return results;
    }

    @Override
    public void close() {
        reader.close();
    }
}
