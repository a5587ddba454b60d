package io.skerry.lab.vm;

/**
 * What a power cut did to the blocks that weren't durable.
 *
 * @param waiting how many there were
 * @param whole reached the medium as they were written last
 * @param lost are as they were before
 * @param torn are something between: a part of them, or an older form
 */
public record Cut(int waiting, int whole, int lost, int torn) {
    @Override
    public String toString() {
        return waiting + " blocks not yet durable, of which " + whole + " survived, " + lost + " were lost, " + torn
                + " torn";
    }
}
