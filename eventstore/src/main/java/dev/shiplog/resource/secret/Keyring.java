package dev.shiplog.resource.secret;

import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The sealing keys of a cluster: one that seals, and those before it, which still open. */
public final class Keyring {
    private final SortedMap<KeyId, SealingKey> keys;
    private final SealingKey current;

    /**
     * @param current seals
     * @param others open, too
     */
    public Keyring(SealingKey current, Collection<SealingKey> others) {
        SortedMap<KeyId, SealingKey> all = new TreeMap<>();
        others.forEach(key -> all.put(key.publicKey().id(), key));
        all.put(current.publicKey().id(), current);
        this.keys = Collections.unmodifiableSortedMap(all);
        this.current = current;
    }

    /** What became of an attempt to open a value. */
    public sealed interface Opened {
        /** It was sealed for this place, to a key of this cluster, and nobody changed it. */
        final class Plain implements Opened {
            private final byte[] value;

            Plain(byte[] value) {
                this.value = value;
            }

            /** The value; not copied. */
            public byte[] value() {
                return value;
            }

            /** Without the value: what is printed by accident must not hold it. */
            @Override
            public String toString() {
                return "Plain[" + value.length + " bytes]";
            }
        }

        /**
         * It does not open.
         *
         * @param why fit for the author of the value
         */
        record Closed(String why) implements Opened {}
    }

    /** The public half of the key that seals. */
    public PublicSealingKey publicKey() {
        return current.publicKey();
    }

    /** Every key, by id. */
    public Collection<SealingKey> keys() {
        return keys.values();
    }

    public String seal(byte[] plain, ValuePlace place) {
        return current.publicKey().seal(plain, place);
    }

    public Opened open(String text, ValuePlace place) {
        Optional<SealedText> sealed = SealedText.parse(text);
        if (sealed.isEmpty()) {
            return new Opened.Closed("it is no sealed value: it was cut or changed");
        }
        SealingKey key = keys.get(sealed.get().key());
        if (key == null) {
            return new Opened.Closed(
                    "it was sealed to the key "
                            + sealed.get().key()
                            + ", which this cluster does not have");
        }
        return key.open(sealed.get(), place)
                .<Opened>map(Opened.Plain::new)
                .orElseGet(() ->
                        new Opened.Closed(
                                "it was changed, or sealed for another namespace, name or key"));
    }
}
