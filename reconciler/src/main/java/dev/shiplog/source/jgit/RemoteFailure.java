package dev.shiplog.source.jgit;

import org.eclipse.jgit.errors.NoRemoteRepositoryException;
import org.eclipse.jgit.errors.TransportException;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.util.Locale;

/** Why a remote repository cannot be followed for now, in one word and a sentence. */
final class RemoteFailure extends IOException {
    private final String reason;

    RemoteFailure(String reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** One word, such as {@code Unreachable}. */
    String reason() {
        return reason;
    }

    static RemoteFailure of(IOException fault) {
        if (fault instanceof RemoteFailure known) {
            return known;
        }
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertPathBuilderException
                    || cause instanceof CertPathValidatorException) {
                return new RemoteFailure("NotTrusted", untrusted(fault, cause), fault);
            }
        }
        String message = String.valueOf(fault.getMessage());
        return new RemoteFailure(reason(fault, message.toLowerCase(Locale.ROOT)), message, fault);
    }

    private static String untrusted(IOException fault, Throwable cause) {
        return fault.getMessage()
                + " ("
                + cause.getMessage()
                + "). If the server's certificate is not signed by a public authority, name the file"
                + " of the one that signed it with --source-ca-file";
    }

    private static String reason(IOException fault, String message) {
        if (fault instanceof NoRemoteRepositoryException) {
            return "RepositoryNotFound";
        }
        if (message.contains("not authorized")
                || message.contains("authentication")
                || message.contains("auth fail")
                || message.contains("cannot log in")) {
            return "AuthenticationFailed";
        }
        return fault instanceof TransportException ? "Unreachable" : "Unreadable";
    }
}
