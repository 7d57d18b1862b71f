using Microsoft.Win32.SafeHandles;

namespace Peregrine.Server.Resources.Files;

/// <summary>A file that was opened to be sent, and what is known of it. Whoever has it disposes of it.</summary>
internal sealed class OpenFile(SafeFileHandle handle, string uri, long length) : IDisposable
{
    internal string Uri => uri;

    /// <summary>Its length when it was opened; what is added later is not sent.</summary>
    internal long Length => length;

    internal string MimeType { get; set; } = "application/octet-stream";

    /// <summary>True where it is sent as text: all of it is UTF-8.</summary>
    internal bool IsText { get; set; }

    /// <summary>Why it is not sent, for the caller, or null.</summary>
    internal string? Refusal { get; set; }

    /// <summary>Fills as much of <paramref name="buffer"/> as the file has from <paramref name="offset"/> on.</summary>
    internal async ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken)
    {
        buffer = buffer[..(int)Math.Min(buffer.Length, length - offset)];
        var filled = 0;
        while (filled < buffer.Length)
        {
            var count = await RandomAccess.ReadAsync(handle, buffer[filled..], offset + filled, cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                throw new IOException("The file became shorter while it was read.");
            }

            filled += count;
        }

        return filled;
    }

    public void Dispose() => handle.Dispose();
}
