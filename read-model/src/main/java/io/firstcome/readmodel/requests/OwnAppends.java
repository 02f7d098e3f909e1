package io.firstcome.readmodel.requests;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The places in the log of the commands that this ingress appended and that Kafka acknowledged. The sender of each of
 * them passes its acknowledgement to the {@link RequestTracker}, so their records need not be decoded when they are
 * read. A command without an acknowledgement is not among them: its record is the only proof that the log has it.
 */
public final class OwnAppends {

    /** By partition the offsets that have not been read yet, in the order of the acknowledgements. */
    private final List<Deque<Long>> offsets;

    /** @param partitions the number of partitions of the commands */
    public OwnAppends(int partitions) {
        offsets = IntStream.range(0, partitions).<Deque<Long>>mapToObj(_ -> new ArrayDeque<>()).toList();
    }

    /** Kafka acknowledged a command of this ingress. */
    public void add(int partition, long offset) {
        Deque<Long> ofPartition = offsets.get(partition);
        synchronized (ofPartition) {
            ofPartition.addLast(offset);
        }
    }

    /**
     * Forgets what is not after this offset. Call this for every record, in order, so that the memory stays small. A
     * record may be read before its acknowledgement; then the reply is no, and the offset is forgotten with the next
     * record.
     *
     * @return whether Kafka has acknowledged the command at this offset to this ingress
     */
    public boolean removeTo(int partition, long offset) {
        Deque<Long> ofPartition = offsets.get(partition);
        synchronized (ofPartition) {
            while (!ofPartition.isEmpty() && ofPartition.peekFirst() < offset) {
                ofPartition.removeFirst();
            }
            boolean own = !ofPartition.isEmpty() && ofPartition.peekFirst() == offset;
            if (own) {
                ofPartition.removeFirst();
            }
            return own;
        }
    }
}
