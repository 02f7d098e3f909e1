package io.firstcome.standalone.check.log;

import java.util.Map;

/**
 * A position in each partition of a topic: the records before it are inside the cut.
 *
 * @param offsets the first offset outside, by partition; a partition that is missing has no record inside
 */
public record Cut(Map<Integer, Long> offsets) {

    public Cut {
        offsets = Map.copyOf(offsets);
    }

    /** Whether the record at this place is inside. */
    public boolean contains(int partition, long offset) {
        return offset < offsets.getOrDefault(partition, 0L);
    }
}
