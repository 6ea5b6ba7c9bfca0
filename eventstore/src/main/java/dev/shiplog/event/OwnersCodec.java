package dev.shiplog.event;

import dev.shiplog.resource.JsonMembers;
import dev.shiplog.resource.JsonWriter;
import dev.shiplog.resource.OwnerReference;
import dev.shiplog.resource.Uid;

import java.util.ArrayList;
import java.util.List;

/** The shape of owner references, in events and in snapshots. */
public final class OwnersCodec {
    private OwnersCodec() {}

    /** Writes them as the member {@code owners}. */
    public static void write(List<OwnerReference> owners, JsonWriter out) {
        out.beginList("owners");
        for (OwnerReference owner : owners) {
            out.begin()
                    .text("apiVersion", owner.apiVersion())
                    .flag("blockOwnerDeletion", owner.blockOwnerDeletion())
                    .flag("controller", owner.controller())
                    .text("kind", owner.kind())
                    .text("name", owner.name())
                    .text("uid", owner.uid().value())
                    .end();
        }
        out.endList();
    }

    /** Writes them unless there are none. */
    public static void writeIfAny(List<OwnerReference> owners, JsonWriter out) {
        if (!owners.isEmpty()) {
            write(owners, out);
        }
    }

    /** Reads what {@link #writeIfAny} wrote. */
    public static List<OwnerReference> readIfAny(JsonMembers in) {
        return in.has("owners") ? read(in) : List.of();
    }

    /** Reads them back. */
    public static List<OwnerReference> read(JsonMembers in) {
        List<OwnerReference> result = new ArrayList<>();
        for (JsonMembers owner : in.list("owners")) {
            result.add(
                    new OwnerReference(
                            owner.text("apiVersion"),
                            owner.text("kind"),
                            owner.text("name"),
                            new Uid(owner.text("uid")),
                            owner.flag("controller"),
                            owner.flag("blockOwnerDeletion")));
        }
        return result;
    }
}
