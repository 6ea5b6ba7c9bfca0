package dev.shiplog.api.discovery;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.Reply;
import dev.shiplog.resource.Json;

/** The Kubernetes version whose API this is. */
public final class Version {
    public static final String GIT_VERSION = "v1.34.0+shiplog";

    private Version() {}

    /** {@code /version}. */
    public static Reply reply() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("major", "1");
        root.put("minor", "34");
        root.put("gitVersion", GIT_VERSION);
        root.put("gitCommit", "");
        root.put("gitTreeState", "clean");
        root.put("buildDate", "1970-01-01T00:00:00Z");
        root.put("goVersion", "");
        root.put("compiler", "javac");
        root.put("platform", "linux/" + architecture());
        return Reply.json(200, Json.of(root).bytes());
    }

    private static String architecture() {
        String name = System.getProperty("os.arch", "amd64");
        return name.equals("aarch64") ? "arm64" : name;
    }
}
