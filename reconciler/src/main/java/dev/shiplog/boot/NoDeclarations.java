package dev.shiplog.boot;

import dev.shiplog.source.Declarations;

import java.util.concurrent.CompletableFuture;

/** A cluster whose repository takes no commits from here. */
final class NoDeclarations implements Declarations {
    @Override
    public CompletableFuture<Result> write(Edit edit) {
        return CompletableFuture.completedFuture(
                new Result.Refused(
                        "in this cluster resources are declared by Git and changed by a commit:"
                                + " shiplog clone DIR, edit or add the manifest, git commit, git"
                                + " push"));
    }
}
