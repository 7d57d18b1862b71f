using System.Text;
using Peregrine.Client.Calling;
using Peregrine.Client.Reliability;
using Peregrine.Execution.Resilience;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;

namespace Peregrine.Client.Tests.Reliability;

/// <summary>A child process that misbehaves: what a shared connection can suffer and HTTP cannot.</summary>
public sealed class StdioPeerTests : IDisposable
{
    // Writes the number of each call that it runs to the file $1, and its own process id to $2. What it does wrong goes by the number.
    private const string Server = """
        echo $$ >> "$2"
        while read -r line; do
          id=${line#*\"id\":}; id=${id%%[,\}]*}
          case $line in
            *'"initialize"'*) echo '{"jsonrpc":"2.0","id":'$id',"result":{"protocolVersion":"2025-06-18","capabilities":{},"serverInfo":{"name":"sh","version":"1"}}}' ;;
            *'"tools/call"'*)
              n=${line##*\"n\":}; n=${n%%[,\}]*}
              echo $n >> "$1"
              reply='{"jsonrpc":"2.0","id":'$id',"result":{"content":[{"type":"text","text":"'$n'"}]}}'
              case $((n % 20)) in
                3) exit 1 ;;
                5) echo "$reply"; echo "$reply" ;;
                7) echo '{"jsonrpc":"2.0","id":987654321,"result":{}}'; echo "$reply" ;;
                9) echo 'this is no JSON {'; echo "$reply" ;;
                11) printf '%s' '{"jsonrpc":"2.0","id":'; exit 1 ;;
                13) echo '{"jsonrpc":"2.0","id":'$id',"result":1,"result":2}' ;;
                *) echo "$reply" ;;
              esac ;;
          esac
        done
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("peregrine-").FullName;

    public StdioPeerTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "needs /bin/sh");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Writes_run_once_reads_are_answered_and_no_process_is_left()
    {
        const int Calls = 400;
        var runs = Path.Combine(_folder, "runs");
        var processes = Path.Combine(_folder, "processes");
        File.WriteAllText(runs, "");
        var unknown = 0;
        var answered = 0;
        var client = await PeregrineClient.ConnectStdioAsync("sh", ["-c", Server, "sh", runs, processes], new PeregrineClientOptions
        {
            Era = ProtocolEra.Session,
            Reliability = new ReliabilityOptions
            {
                Retry = new RetryOptions { MaxAttempts = 4, BaseDelay = TimeSpan.FromMilliseconds(1) },
                RetryBudget = null,
            },
        }).Soon();
        await using (client)
        {
            await Parallel.ForEachAsync(Enumerable.Range(0, Calls), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (number, cancellationToken) =>
            {
                try
                {
                    using var result = await client.CallToolAsync("run", Encoding.UTF8.GetBytes($"{{\"n\":{number}}}"), new CallOptions { ReadOnly = number % 2 == 0 }, cancellationToken);
                    Assert.Equal(number.ToString(System.Globalization.CultureInfo.InvariantCulture), result.GetText());
                    Interlocked.Increment(ref answered);
                }
                catch (McpTransportException exception)
                {
                    Assert.NotNull(CallOutcome.Of(exception));
                    Interlocked.Increment(ref unknown);
                }
            }).WaitAsync(TimeSpan.FromMinutes(2));
            Assert.Equal(0, (client.Connection as DuplexConnection)!.InFlight);
        }

        Assert.Equal(Calls, answered + unknown);
        Assert.InRange(answered, Calls / 2, Calls - 1);
        var counts = File.ReadAllLines(runs).CountBy(static line => line).ToDictionary(static pair => pair.Key, static pair => pair.Value);
        Assert.All(counts, pair => Assert.True(int.Parse(pair.Key, System.Globalization.CultureInfo.InvariantCulture) % 2 == 0 || pair.Value == 1, $"call {pair.Key} ran {pair.Value} times"));
        var started = File.ReadAllLines(processes);
        Assert.True(started.Length > 10, "the server was started " + started.Length + " times");
        Assert.All(started, id => Assert.False(Directory.Exists("/proc/" + id), $"process {id} is left"));
    }
}
