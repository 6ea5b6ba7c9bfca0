package dev.shiplog.api.auth;

import dev.shiplog.api.Identity;
import dev.shiplog.api.Status;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.kind.Kind;

import java.util.Optional;

/**
 * Looks at a write that its author is allowed to make, and says what speaks against what it writes:
 * a role with more rights than its author has, a Node of another name. Asked before every create,
 * update, patch and delete of a resource, by whichever way it comes in. Pure; never blocks.
 */
public interface WriteGuard {
    /** Nothing speaks against anything. */
    WriteGuard NONE = (_, _) -> Optional.empty();

    /** What speaks against a write, as the API answers it. */
    Optional<Status> objection(Identity who, Write write);

    /**
     * Whether it may have something to say of what somebody writes of a kind. If not, nobody needs
     * to make the documents that it would be shown.
     */
    default boolean concerns(Identity who, Kind kind) {
        return true;
    }

    /**
     * One write.
     *
     * @param verb {@code create}, {@code update}, {@code patch} or {@code delete}
     * @param subresource such as {@code status}; empty for the resource itself
     * @param before the whole document as it is, in its storage version; empty for a create
     * @param after the whole document as it shall be; empty for a delete
     */
    record Write(
            String verb,
            Kind kind,
            ResourceKey key,
            String subresource,
            Optional<Json> before,
            Optional<Json> after) {
        /** A refusal of this write. */
        public Status forbidden(String why) {
            return Status.forbidden(kind.groupKind().group(), kind.plural(), key.name(), why);
        }
    }

    /** The first objection of several guards. */
    static WriteGuard allOf(WriteGuard... guards) {
        return new WriteGuard() {
            @Override
            public Optional<Status> objection(Identity who, Write write) {
                for (WriteGuard guard : guards) {
                    Optional<Status> objection = guard.objection(who, write);
                    if (objection.isPresent()) {
                        return objection;
                    }
                }
                return Optional.empty();
            }

            @Override
            public boolean concerns(Identity who, Kind kind) {
                for (WriteGuard guard : guards) {
                    if (guard.concerns(who, kind)) {
                        return true;
                    }
                }
                return false;
            }
        };
    }
}
