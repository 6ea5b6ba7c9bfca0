package dev.shiplog.node.runtime.simulated;

import dev.shiplog.node.probe.Prober;
import dev.shiplog.node.runtime.PodRuntime;
import dev.shiplog.node.runtime.PodRuntimeContract;
import dev.shiplog.node.runtime.Programs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** The contract, kept by the simulation in real time. */
class SimulatedRuntimeTest extends PodRuntimeContract {
    private final ScheduledExecutorService executor = Executors.newScheduledThreadPool(1);
    private final SimulatedHost host =
            new SimulatedHost(Timer.real(executor), Duration.ofMillis(5));

    @Override
    protected void closeMachine() {
        executor.shutdownNow();
    }

    @Override
    protected PodRuntime open(String nodeName) {
        return new SimulatedRuntime(host, nodeName);
    }

    @Override
    protected Prober prober() {
        return new SimulatedProber(host);
    }

    @Override
    protected boolean realNetwork() {
        return false;
    }

    @Override
    protected String image() {
        return "busybox:1.37";
    }

    @Override
    protected String unreachableImage() {
        return "registry.example/unreachable:1";
    }

    @Override
    protected Programs programs() {
        return new Scripts();
    }

    /** The contract's programs in the simulation's words. */
    private static final class Scripts implements Programs {
        @Override
        public List<String> forever() {
            return List.of("forever");
        }

        @Override
        public List<String> deaf() {
            return List.of("deaf");
        }

        @Override
        public List<String> exits(int code) {
            return List.of("exit:" + code);
        }

        @Override
        public List<String> prints(List<String> lines) {
            List<String> words = new ArrayList<>(printsThenStays(lines));
            words.add("exit:0");
            return words;
        }

        @Override
        public List<String> printsThenStays(List<String> lines) {
            return lines.stream().map(line -> "print:" + line).toList();
        }

        @Override
        public List<String> printsSlowly(String first, String second) {
            return List.of("print:" + first, "print:" + second + "@100ms", "exit:0@110ms");
        }

        @Override
        public List<String> echoes() {
            return List.of("cat");
        }

        @Override
        public List<String> serves(int port) {
            return List.of("listen:" + port, "cpu:250", "memory:64");
        }

        @Override
        public List<String> answers(int port) {
            return List.of("listen:" + port);
        }

        @Override
        public List<String> nosuch() {
            return List.of("nostart:exec nosuch: not found");
        }
    }
}
