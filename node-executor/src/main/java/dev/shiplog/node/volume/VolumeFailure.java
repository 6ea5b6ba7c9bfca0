package dev.shiplog.node.volume;

/** A volume that could not be made; the message is fit for {@code kubectl describe}. */
public final class VolumeFailure extends Exception {
    public VolumeFailure(String message) {
        super(message);
    }

    public VolumeFailure(String message, Throwable cause) {
        super(message, cause);
    }

    /** In Kubernetes' words. */
    public static VolumeFailure of(String volume, String why) {
        return new VolumeFailure("MountVolume.SetUp failed for volume \"" + volume + "\" : " + why);
    }

    public String text() {
        return String.valueOf(getMessage());
    }
}
