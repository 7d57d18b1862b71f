namespace Peregrine.Protocol.Buffers;

/// <summary>Counts the memory of writers that hold much. Implementations are thread-safe.</summary>
public interface IBufferBudget
{
    /// <summary>Asks for memory.</summary>
    /// <param name="bytes">How much more.</param>
    /// <exception cref="IOException">There is no more to be had; nothing was counted, and the writer stays as it was.</exception>
    void Take(int bytes);

    /// <summary>Gives memory back.</summary>
    /// <param name="bytes">How much.</param>
    void Return(int bytes);
}
