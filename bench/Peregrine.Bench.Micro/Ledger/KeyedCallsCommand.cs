using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Peregrine.Execution.Journal;
using Peregrine.Execution.Keys;
using Peregrine.Execution.Stores;
using Peregrine.Execution.Stores.Memory;
using Peregrine.Server;
using Peregrine.Server.Duplex;
using Peregrine.Transport.InMemory;
using Peregrine.Bench.Micro.Server;

namespace Peregrine.Bench.Micro.Ledger;

/// <summary>How many calls with a key are run a second: in the ledger alone (begin and complete), and by a server over a pair of streams, 64 in flight, each key once.</summary>
internal static class KeyedCallsCommand
{
    private const int InFlight = 64;
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(1);
    private static long s_next;

    internal static async Task<int> RunAsync(string[] args)
    {
        var at = Array.IndexOf(args, "--seconds");
        var seconds = TimeSpan.FromSeconds(at >= 0 ? double.Parse(args[at + 1], CultureInfo.InvariantCulture) : 5);
        Console.WriteLine($"keyed calls a second, {InFlight} in flight, {seconds.TotalSeconds:F0} s each");
        foreach (var kind in ((string[])["memory", "os", "disk"]).Where(kind => Array.IndexOf(args, "--only") is var only && (only < 0 || args[only + 1] == kind)))
        {
            var folder = Path.Combine(Path.GetTempPath(), "peregrine-keyed-" + Guid.NewGuid().ToString("N"));
            await using var stores = kind == "memory" ? null
                : JournalStores.Open(new JournalOptions { Folder = folder, Policy = kind == "os" ? JournalPolicy.Os : JournalPolicy.Disk, Ledger = new() { MaxKeys = 16_000_000, MaxBytes = long.MaxValue } });
            var ledger = stores?.Ledger ?? new MemoryCallLedger(new() { MaxKeys = 16_000_000, MaxBytes = long.MaxValue });
            var alone = await MeasureLedgerAsync(ledger, 1, seconds);
            var (together, before) = (await MeasureLedgerAsync(ledger, InFlight, seconds), stores?.Statistics ?? default);
            var (clock, served) = (Stopwatch.StartNew(), await MeasureServerAsync(ledger, seconds));
            Console.Write($"{kind,-8} ledger {together,9:N0} (one in flight {alone,9:N0})   server {served,9:N0}");
            if (stores?.Statistics is { } after)
            {
                var batches = after.Batches - before.Batches;
                Console.Write($"   with the server {batches / clock.Elapsed.TotalSeconds,8:N0} batches a second of {(after.Commits - before.Commits) / (double)batches:F1} records");
            }

            Console.WriteLine();
            if (stores is not null)
            {
                await stores.DisposeAsync();
                Directory.Delete(folder, recursive: true);
            }
        }

        return 0;
    }

    private static async Task<double> MeasureLedgerAsync(ICallLedger ledger, int inFlight, TimeSpan time)
    {
        var (count, ended) = (0L, false);
        var result = new ReadOnlySequence<byte>(new byte[100]);
        var claim = new LedgerClaim { Arguments = ArgumentHash.Of(default), Lease = Timeout.InfiniteTimeSpan, Window = TimeSpan.FromSeconds(10) };
        var workers = Enumerable.Range(0, inFlight).Select(async _ =>
        {
            await Task.Yield();
            while (!Volatile.Read(ref ended))
            {
                var key = CallKey.Of("ledger", "t"u8, BitConverter.GetBytes(Interlocked.Increment(ref s_next)));
                var answer = await ledger.BeginAsync(key, claim, default).ConfigureAwait(false);
                await ledger.CompleteAsync(key, answer.Fence, result, isFinal: true, default).ConfigureAwait(false);
                Interlocked.Increment(ref count);
            }
        }).ToArray();
        var rate = await RateAsync(() => Interlocked.Read(ref count), time);
        Volatile.Write(ref ended, true);
        await Task.WhenAll(workers);
        return rate;
    }

    private static async Task<double> MeasureServerAsync(ICallLedger ledger, TimeSpan time)
    {
        var server = PeregrineServer.CreateBuilder("keyed", "1").AddTools(new EchoTools()).UseLedger(ledger).Build();
        var (client, other) = InMemoryStreams.Create();
        var serving = server.ServeAsync(other.Input, other.Output);
        var (count, next, ended) = (0L, 0L, false);
        var talking = Task.Run(async () =>
        {
            var buffer = new byte[64 * 1024];
            await SendAsync(client.Output, InFlight);
            while (!Volatile.Read(ref ended) && await client.Input.ReadAsync(buffer).ConfigureAwait(false) is > 0 and var read)
            {
                var lines = buffer.AsSpan(0, read).Count((byte)'\n');
                Interlocked.Add(ref count, lines);
                await SendAsync(client.Output, lines).ConfigureAwait(false);
            }

            await client.Output.DisposeAsync();
        });
        var rate = await RateAsync(() => Interlocked.Read(ref count), time);
        Volatile.Write(ref ended, true);
        await talking;
        await client.Input.DisposeAsync();
        await serving;
        return rate;

        async Task SendAsync(Stream output, int calls)
        {
            var text = new StringBuilder();
            for (var i = 0; i < calls; i++)
            {
                var id = ++next;
                text.Append(CultureInfo.InvariantCulture, $"{{\"jsonrpc\":\"2.0\",\"id\":{id},\"method\":\"tools/call\",\"params\":{{\"name\":\"echo\",\"arguments\":{{\"message\":\"hello\"}},")
                    .Append(CultureInfo.InvariantCulture, $"\"_meta\":{{\"mcp_tx\":{{\"idempotency_key\":\"server-{id}\",\"retry_count\":0}}}}}}}}\n");
            }

            if (calls > 0)
            {
                await output.WriteAsync(Encoding.UTF8.GetBytes(text.ToString())).ConfigureAwait(false);
                await output.FlushAsync().ConfigureAwait(false);
            }
        }
    }

    private static async Task<double> RateAsync(Func<long> count, TimeSpan time)
    {
        await Task.Delay(Warm);
        var (before, clock) = (count(), Stopwatch.StartNew());
        await Task.Delay(time);
        return (count() - before) / clock.Elapsed.TotalSeconds;
    }
}
