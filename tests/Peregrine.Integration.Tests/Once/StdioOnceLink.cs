using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Peregrine.Integration.Tests.Processes;

namespace Peregrine.Integration.Tests.Once;

/// <summary>Over stdio: a reply that is lost is one that nobody reads any more.</summary>
internal sealed class StdioOnceLink : IOnceLink
{
    private readonly Process _process;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly ConcurrentDictionary<long, TaskCompletionSource<string?>> _waiting = new();
    private readonly Task _reading;
    private volatile bool _ended;

    private StdioOnceLink(Process process)
    {
        _process = process;
        _reading = ReadAsync();
    }

    public string Epoch { get; private set; } = "";

    internal static async Task<IOnceLink> StartAsync(string ledger, string effects, string journal)
    {
        var start = new ProcessStartInfo(BuiltPrograms.OnceServer, ["stdio", ledger, effects, journal]) { RedirectStandardOutput = true, RedirectStandardInput = true };
        start.Environment["DOTNET_ROOT"] = BuiltPrograms.DotnetRoot;
        var link = new StdioOnceLink(Process.Start(start)!);
        var discovered = await link.CallAsync(OnceMessages.Discover, 0, CancellationToken.None).WaitAsync(HttpChild.Patience);
        link.Epoch = OnceMessages.EpochOf(discovered!);
        return link;
    }

    public async Task<string?> CallAsync(string call, long id, CancellationToken lost)
    {
        var reply = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = reply;
        await using var registration = lost.Register(() => reply.TrySetResult(null));
        await _writing.WaitAsync(CancellationToken.None);
        try
        {
            await _process.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(call + "\n"), CancellationToken.None);
            await _process.StandardInput.BaseStream.FlushAsync(CancellationToken.None);
        }
        catch (IOException)
        {
            reply.TrySetResult(null);
        }
        finally
        {
            _writing.Release();
        }

        if (_ended)
        {
            reply.TrySetResult(null);
        }

        var text = await reply.Task;
        _waiting.TryRemove(id, out _);
        return text;
    }

    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        await _reading;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
        _writing.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await _process.StandardOutput.ReadLineAsync() is { } line)
            {
                // A line that the kill has cut off is no reply.
                if (OnceMessages.TryReadId(line, out var id) && _waiting.TryGetValue(id, out var reply))
                {
                    reply.TrySetResult(line);
                }
            }
        }
        catch (IOException)
        {
            // As good as the end.
        }

        _ended = true;
        foreach (var reply in _waiting.Values)
        {
            reply.TrySetResult(null);
        }
    }
}
