package dev.shiplog.node.runtime;

import java.util.List;

/**
 * @param version such as {@code docker://20.10.24}: the form of {@code
 *     nodeInfo.containerRuntimeVersion}
 * @param details one line each on what was found and chosen, for {@code shiplog status}
 */
public record RuntimeInfo(String version, List<String> details) {
    public RuntimeInfo {
        details = List.copyOf(details);
    }
}
