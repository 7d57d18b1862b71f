using System.Buffers;
using System.IO.Pipelines;
using Peregrine.Testing.Peers;
using Peregrine.Transport.InMemory;

namespace Peregrine.Testing.Links;

/// <summary>
/// A link in memory that loses, doubles and reorders messages, one a line, and breaks, as its settings say; or makes a real peer misbehave. One use. The ends are those of <see cref="InMemoryStreams"/>.
/// </summary>
public sealed partial class LossyLink
{
    private readonly LinkFaults _faults;
    private int _messages;

    private LossyLink(LinkFaults faults, StreamPair client, StreamPair server, Task running)
    {
        _faults = faults;
        Client = client;
        Server = server;
        Running = running;
    }

    /// <summary>The client's end.</summary>
    public StreamPair Client { get; }

    /// <summary>The server's end.</summary>
    public StreamPair Server { get; }

    /// <summary>Ends when both ends were closed, or the link broke.</summary>
    public Task Running { get; private set; }

    /// <summary>Makes a link.</summary>
    /// <param name="faults">What it does to messages.</param>
    /// <exception cref="ArgumentException">The settings are faulty; the message names every fault.</exception>
    public static LossyLink Create(LinkFaults faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        if (faults.Validate() is { Count: > 0 } found)
        {
            throw new ArgumentException(string.Join(' ', found), nameof(faults));
        }

        var (client, clientSide) = InMemoryStreams.Create();
        var (serverSide, server) = InMemoryStreams.Create();
        var link = new LossyLink(faults, client, server, Task.CompletedTask);
        link.Running = Task.WhenAll(link.PumpAsync(clientSide.Input, serverSide.Output, direction: 0), link.PumpAsync(serverSide.Input, clientSide.Output, direction: 1));
        return link;
    }

    // Seeded by direction, so that what happens one way does not depend on how the other way's messages fall in between.
    private async Task PumpAsync(Stream from, Stream to, int direction)
    {
        var random = new Random(unchecked((_faults.Seed * 2) + direction));
        var reader = PipeReader.Create(from);
        var misbehaves = direction == 0 ? _faults.ClientMisbehaves : _faults.ServerMisbehaves;
        var number = 0;
        byte[]? held = null;
        try
        {
            while (await ReadLineAsync(reader).ConfigureAwait(false) is { } line)
            {
                if (misbehaves is not null)
                {
                    var verdict = await MisbehaveAsync(misbehaves, new PeerMessage(++number, line.AsMemory(0, line.Length - 1)), line, to).ConfigureAwait(false);
                    if (verdict != Verdict.Forward)
                    {
                        if (verdict == Verdict.Close)
                        {
                            return;
                        }

                        continue;
                    }
                }

                if (Interlocked.Increment(ref _messages) == _faults.BreakIn)
                {
                    await to.WriteAsync(line.AsMemory(0, line.Length / 2)).ConfigureAwait(false);
                    return;
                }

                held = await ForwardAsync(random, line, held, to).ConfigureAwait(false);
            }

            if (held is not null)
            {
                await to.WriteAsync(held).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException or ObjectDisposedException)
        {
            // An end was closed: nobody is left to deliver to.
        }
        finally
        {
            await reader.CompleteAsync().ConfigureAwait(false);
            await to.DisposeAsync().ConfigureAwait(false);
        }
    }

    // Three numbers for each message whatever becomes of it: what happens to one does not change what happens to the next.
    private async Task<byte[]?> ForwardAsync(Random random, byte[] line, byte[]? held, Stream to)
    {
        var (drop, duplicate, reorder) = (random.NextDouble() < _faults.Drop, random.NextDouble() < _faults.Duplicate, random.NextDouble() < _faults.Reorder);
        var spared = _faults.Spare?.Invoke(line) == true;
        if (!spared && held is null && reorder && !drop)
        {
            return line;
        }

        for (var copies = spared ? 1 : drop ? 0 : duplicate ? 2 : 1; copies > 0; copies--)
        {
            await to.WriteAsync(line).ConfigureAwait(false);
        }

        if (held is not null)
        {
            await to.WriteAsync(held).ConfigureAwait(false);
        }

        return null;
    }

    private static async Task<byte[]?> ReadLineAsync(PipeReader reader)
    {
        while (true)
        {
            var result = await reader.ReadAsync().ConfigureAwait(false);
            if (result.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var next = result.Buffer.GetPosition(1, end);
                var line = result.Buffer.Slice(0, next).ToArray();
                reader.AdvanceTo(next);
                return line;
            }

            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            if (result.IsCompleted)
            {
                return null;
            }
        }
    }
}
