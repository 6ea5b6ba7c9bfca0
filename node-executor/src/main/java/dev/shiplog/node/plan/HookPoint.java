package dev.shiplog.node.plan;

/** When in a container's life a hook is. */
public enum HookPoint {
    /** After its start, before anybody is told that it runs. */
    POST_START,
    /** Before it is asked to end. */
    PRE_STOP
}
