package dev.shiplog.node.network.dns;

import org.xbill.DNS.Name;
import org.xbill.DNS.Record;

import java.util.List;

/** What the cluster knows of a name. */
sealed interface Answer {
    /**
     * @param additional what whoever asks will ask next
     */
    record Found(List<Record> records, List<Record> additional) implements Answer {
        public Found {
            records = List.copyOf(records);
            additional = List.copyOf(additional);
        }

        Found(List<Record> records) {
            this(records, List.of());
        }
    }

    /**
     * The name stands for another, which has to be looked up.
     *
     * @param record says so
     */
    record Alias(Record record, Name target) implements Answer {}

    /** The name is there, or names below it are, and nothing of this type. */
    record NoData() implements Answer {}

    /** There is no such name. */
    record NoName() implements Answer {}

    /** Others have to be asked. */
    record NotOurs() implements Answer {}
}
