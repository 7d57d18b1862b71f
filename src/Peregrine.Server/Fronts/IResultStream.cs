using System.Buffers;

namespace Peregrine.Server.Fronts;

/// <summary>
/// A result that is made while it is sent: one JSON object, without line breaks, in pieces of at most some 64 KiB, so that a long one needs no more memory than a short one. For one reader.
/// </summary>
internal interface IResultStream : IDisposable
{
    /// <summary>The length of the whole in bytes; -1 where it is not known.</summary>
    long Length { get; }

    /// <summary>Writes the next piece.</summary>
    /// <param name="writer">Receives the bytes.</param>
    /// <param name="cancellationToken">Fires when nobody waits for the result any more.</param>
    /// <returns>False where the whole is written.</returns>
    /// <exception cref="IOException">The rest cannot be had. The reply cannot be completed then; its connection must be broken off.</exception>
    ValueTask<bool> WriteNextAsync(IBufferWriter<byte> writer, CancellationToken cancellationToken);
}
