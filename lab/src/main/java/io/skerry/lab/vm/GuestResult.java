package io.skerry.lab.vm;

/**
 * How a script in a guest ended.
 *
 * @param code its exit code; 143 or 137 when it took too long and was ended
 * @param out its output, at most about a megabyte
 * @param err what it wrote to its standard error
 */
public record GuestResult(int code, String out, String err) {
    public boolean succeeded() {
        return code == 0;
    }
}
