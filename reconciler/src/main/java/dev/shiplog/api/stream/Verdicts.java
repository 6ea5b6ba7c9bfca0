package dev.shiplog.api.stream;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.Status;
import dev.shiplog.resource.Json;

/** What the error channel says at the end, as Kubernetes says it. */
final class Verdicts {
    private Verdicts() {}

    static byte[] exited(int code) {
        if (code == 0) {
            return success();
        }
        ObjectNode root = status("Failure");
        root.put("message", "command terminated with non-zero exit code: exit status " + code);
        root.put("reason", "NonZeroExitCode");
        ObjectNode cause = root.putObject("details").putArray("causes").addObject();
        cause.put("reason", "ExitCode");
        cause.put("message", Integer.toString(code));
        return Json.of(root).bytes();
    }

    static byte[] success() {
        return Json.of(status("Success")).bytes();
    }

    static byte[] failure(Status status) {
        return status.json().bytes();
    }

    private static ObjectNode status(String value) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.putObject("metadata");
        root.put("status", value);
        return root;
    }
}
