package dev.shiplog.resource.yaml;

/**
 * A place in a file.
 *
 * @param line from 1
 * @param column from 1, in characters
 */
record Place(int line, int column) {
    static final Place START = new Place(1, 1);

    @Override
    public String toString() {
        return "line " + line + ", column " + column;
    }
}
