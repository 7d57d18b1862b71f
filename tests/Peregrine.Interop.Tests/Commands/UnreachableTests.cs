using System.Net;
using System.Net.Sockets;
using Peregrine.Interop.Tests.Processes;

namespace Peregrine.Interop.Tests.Commands;

public sealed class UnreachableTests
{
    private static readonly string[] Nowhere = [$"http://127.0.0.1:{FreePort.Find()}/mcp"];

    [Fact]
    public async Task Nothing_listens() => await JudgeAsync($"cannot reach {Nowhere[0]}", ["list", .. Nowhere]);

    [Fact]
    public async Task Nothing_listens_for_a_call() => await JudgeAsync("cannot reach", ["call", .. Nowhere, "echo", "message=x"]);

    [Fact]
    public async Task The_name_cannot_be_resolved() => await JudgeAsync("cannot reach http://nowhere.invalid", "list", "http://nowhere.invalid/mcp");

    [Fact]
    public async Task The_command_does_not_exist() => await JudgeAsync("no-such-server", "list", "--", "no-such-server");

    [Fact]
    public async Task The_command_ends_at_once_and_its_last_words_are_shown() => await JudgeAsync("no token given", "list", "--", "sh", "-c", "echo no token given >&2; exit 4");

    [Fact]
    [Trait("Category", "Slow")]
    public async Task The_command_speaks_no_mcp() => await JudgeAsync("cannot reach", "list", "--timeout", "1", "--", "yes", "hello");

    [Fact]
    [Trait("Category", "Slow")]
    public async Task The_command_never_answers() => await JudgeAsync("cannot reach", "list", "--timeout", "1", "--", "sleep", "600");

    [Fact]
    public async Task The_server_takes_connections_and_never_answers()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await JudgeAsync("cannot reach", "list", "--timeout", "1", $"http://{silent.LocalEndpoint}/mcp");
    }

    [Fact]
    public async Task The_port_is_somebody_elses_web_page()
    {
        await using var server = await RunningGateway.StartPlainAsync("serve");
        await JudgeAsync("404", "list", new Uri(server.Address, "/elsewhere").ToString());
    }

    private static async Task JudgeAsync(string expected, params string[] words)
    {
        var result = await StartedProgram.RunPeregrineAsync(words);
        Assert.True(result.ExitCode == 3, result.ToString());
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.StartsWith("peregrine: ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
        Assert.True(result.Elapsed < TimeSpan.FromSeconds(10), result.ToString());
    }
}
