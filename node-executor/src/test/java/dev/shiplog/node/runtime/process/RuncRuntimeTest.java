package dev.shiplog.node.runtime.process;

import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class RuncRuntimeTest extends ProcessRuntimeContract {
    RuncRuntimeTest() {
        super(ProcessRuntime.Mode.RUNC);
    }
}
