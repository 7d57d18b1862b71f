using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;
using Peregrine.Transport.Processes;

namespace Peregrine.Client.Tests.Connecting;

/// <summary>Era detection with real processes that behave as badly as those of the session era do.</summary>
public sealed class StdioEraTests
{
    // Answers initialize with the id it came with; everything else by what stands in $1.
    private const string Server = """
        while read -r line; do
          id=$(printf %s "$line" | sed 's/.*"id":\([0-9]*\).*/\1/')
          case $line in
            *'"initialize"'*) echo '{"jsonrpc":"2.0","id":'$id',"result":{"protocolVersion":"2025-06-18","capabilities":{},"serverInfo":{"name":"sh","version":"1"}}}' ;;
            *notifications/*) ;;
            *) eval "$1" ;;
          esac
        done
        """;

    public StdioEraTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "needs /bin/sh");

    [Theory]
    [InlineData("exit 3")] // some end at a method they do not know
    [InlineData("exec >&-; sleep 1000")] // or stop talking
    [InlineData("""echo '{"jsonrpc":"2.0","id":'$id',"error":{"code":-32601,"message":"?"}}'""")]
    [InlineData("echo Unknown method server/discover; echo '{\"jsonrpc\":\"2.0\",\"id\":'$id',\"result\":1,\"result\":2}'")]
    public async Task A_server_of_the_session_era_is_found_whatever_it_does_at_the_probe(string atProbe)
    {
        var client = await PeregrineClient.ConnectStdioAsync("sh", ["-c", Server, "sh", atProbe]).Soon();
        Assert.Equal(ProtocolEra.Session, client.Era);
        Assert.Equal(ProtocolVersion.V2025_06_18, client.ProtocolVersion);
        Assert.Equal("sh", client.ServerInfo?.Name);
        var process = Assert.IsType<ProcessConnection>(client.Connection);
        await client.DisposeAsync().AsTask().Soon();
        Assert.True(process.Exited.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_server_that_hangs_at_the_probe_is_started_again_and_not_asked()
    {
        var time = new ManualTime();
        var hanging = new TaskCompletionSource();
        var options = new PeregrineClientOptions
        {
            TimeProvider = time,
            ProbeTimeout = TimeSpan.FromSeconds(1),
            ConnectTimeout = TimeSpan.FromSeconds(20),
            OnErrorLine = _ => hanging.TrySetResult(),
        };
        var connecting = PeregrineClient.ConnectStdioAsync("sh", ["-c", Server, "sh", "echo hanging >&2; trap '' TERM; while :; do sleep 1000; done"], options).Soon();
        await hanging.Task.Soon();
        await time.WaitForTimerAsync(TimeSpan.FromSeconds(1));
        time.Advance(TimeSpan.FromSeconds(1));

        // Half of the time goes to a handshake with the same process, then it is stopped: politely, less politely, and for good.
        await time.WaitForTimerAsync(TimeSpan.FromSeconds(10));
        time.Advance(TimeSpan.FromSeconds(10));
        await time.WaitForTimerAsync(TimeSpan.FromSeconds(2));
        time.Advance(TimeSpan.FromSeconds(2));
        await time.WaitForTimerAsync(TimeSpan.FromSeconds(2));
        time.Advance(TimeSpan.FromSeconds(2));
        var client = await connecting;
        Assert.Equal(ProtocolEra.Session, client.Era);
        await client.DisposeAsync().AsTask().Soon();
    }

    [Fact]
    public async Task A_server_that_always_exits_is_told_with_its_last_words()
    {
        var exception = await Assert.ThrowsAsync<McpTransportException>(
            () => PeregrineClient.ConnectStdioAsync("sh", ["-c", "echo 'no API key' >&2; exit 4"]).Soon());
        Assert.Equal(TransportFault.ConnectionLost, exception.Fault);
        Assert.Contains("no API key", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_named()
    {
        var exception = await Assert.ThrowsAsync<McpTransportException>(() => PeregrineClient.ConnectStdioAsync("no-such-server").Soon());
        Assert.Equal(TransportFault.ConnectFailed, exception.Fault);
        Assert.Contains("no-such-server", exception.Message, StringComparison.Ordinal);
    }
}
