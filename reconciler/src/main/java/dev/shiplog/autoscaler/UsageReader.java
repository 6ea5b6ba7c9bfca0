package dev.shiplog.autoscaler;

import dev.shiplog.controller.autoscaler.PodReading;
import dev.shiplog.resource.Resource;

import java.util.List;

/** Measures pods. */
public interface UsageReader {
    /** Of each pod what it uses, in the order given; blocks as long as measuring takes. */
    List<PodReading> read(List<Resource> pods) throws InterruptedException;
}
