namespace Peregrine.Protocol.Buffers;

/// <summary>Counts the memory of writers that hold much. Implementations are thread-safe.</summary>
public interface IBufferBudget
{
    /// <summary>Asks for memory.</summary>
    /// <param name="wanted">How much more is useful.</param>
    /// <param name="least">How much more is needed; not above <paramref name="wanted"/>.</param>
    /// <returns>How much was given: from <paramref name="least"/> to <paramref name="wanted"/>.</returns>
    /// <exception cref="IOException">There is not as much to be had; nothing was counted, and the writer stays as it was.</exception>
    int Take(int wanted, int least);

    /// <summary>Gives memory back.</summary>
    /// <param name="bytes">How much.</param>
    void Return(int bytes);
}
