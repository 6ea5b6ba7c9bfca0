package dev.shiplog.node.runtime.process;

import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class PlainRuntimeTest extends ProcessRuntimeContract {
    PlainRuntimeTest() {
        super(ProcessRuntime.Mode.PLAIN);
    }
}
