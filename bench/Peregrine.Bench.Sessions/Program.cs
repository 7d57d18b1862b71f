using System.Diagnostics;
using System.Net.Sockets;
using Peregrine.Bench.Sessions;
using Peregrine.Observability.Metrics;

SessionsOptions options;
try
{
    options = SessionsOptions.Parse(args);
}
catch (FormatException exception)
{
    Console.Error.WriteLine(exception.Message);
    Console.Error.WriteLine("--help says more");
    return 2;
}

if (options.IsHelp)
{
    Console.WriteLine(SessionsOptions.Usage);
    return 0;
}

const int AtOnce = 32;
await using SampleServerProcess server = await SampleServerProcess.StartAsync(options.Server, CancellationToken.None);
using var client = new SessionClient(server.Endpoint);
await client.PingAsync(await client.OpenAsync(CancellationToken.None), CancellationToken.None);
await Task.Delay(TimeSpan.FromSeconds(2));
long empty = server.ResidentBytes;
Print("one session", empty, 0, 0);

string[] sessions = new string[options.Sessions];
long started = Stopwatch.GetTimestamp();
await ForEachAsync(options.Sessions, async index => sessions[index] = await client.OpenAsync(CancellationToken.None));
double openSeconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
long withSessions = server.ResidentBytes;
Print($"{options.Sessions:#,0} sessions, opened at {options.Sessions / openSeconds:#,0}/s", withSessions, withSessions - empty, options.Sessions);

var streams = new Socket[options.Streams];
started = Stopwatch.GetTimestamp();
await ForEachAsync(options.Streams, async index => streams[index] = await client.StreamAsync(sessions[index], CancellationToken.None));
double streamSeconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
long withStreams = server.ResidentBytes;
Print($"{options.Streams:#,0} streams beside, opened at {options.Streams / streamSeconds:#,0}/s", withStreams, withStreams - withSessions, options.Streams);

(LatencyHistogram latencies, long failed) = await PingAllAsync();
long end = server.ResidentBytes;
LatencySnapshot snapshot = latencies.Read();
Console.WriteLine($"{snapshot.Count:#,0} pings at {options.Rate:#,0}/s for {options.Seconds} s: P50 {Milliseconds(0.5)}, P99 {Milliseconds(0.99)}, P99.9 {Milliseconds(0.999)}, failed {failed}");
Print("at the end", end, end - withStreams, snapshot.Count);
Console.WriteLine($"streams still open: {streams.Count(static stream => !stream.Poll(0, SelectMode.SelectError) && stream.Connected):#,0}, threads of the server: {server.Threads}");
foreach (Socket stream in streams)
    stream.Dispose();
return failed == 0 ? 0 : 1;

string Milliseconds(double share) => $"{snapshot.Percentile(share).TotalMilliseconds:0.00} ms";

static void Print(string what, long bytes, long added, long count) =>
    Console.WriteLine($"{what}: {bytes / 1048576.0:0.0} MB{(count == 0 ? "" : $", {added / 1048576.0:+0.0;-0.0} MB, {(double)added / count:0} B each")}");

// So many at a time: more would only wait in a queue of this process.
static async Task ForEachAsync(int count, Func<int, Task> action)
{
    int next = -1;
    await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
    {
        for (int index; (index = Interlocked.Increment(ref next)) < count;)
            await action(index);
    }));
}

// On a fixed schedule: a latency counts from when its ping was due.
async Task<(LatencyHistogram Latencies, long Failed)> PingAllAsync()
{
    var latencies = new LatencyHistogram();
    long failed = 0;
    long begun = Stopwatch.GetTimestamp();
    long total = (long)options.Rate * options.Seconds;
    long next = -1;
    await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
    {
        for (long index; (index = Interlocked.Increment(ref next)) < total;)
        {
            TimeSpan due = TimeSpan.FromSeconds((double)index / options.Rate);
            TimeSpan early = due - Stopwatch.GetElapsedTime(begun);
            if (early > TimeSpan.FromMilliseconds(1))
                await Task.Delay(early);
            try
            {
                await client.PingAsync(sessions[index % sessions.Length], CancellationToken.None);
                latencies.Record(Stopwatch.GetElapsedTime(begun) - due);
            }
            catch (HttpRequestException exception)
            {
                if (Interlocked.Increment(ref failed) <= 5)
                    Console.Error.WriteLine(exception.Message);
            }
        }
    }));
    return (latencies, failed);
}
