using Peregrine.Interop.Tests.Processes;

namespace Peregrine.Interop.Tests.Commands;

public sealed class BadUsageTests
{
    /// <summary>What is typed, and what the message must say.</summary>
    public static TheoryData<string, string> Mistakes { get; } = new()
    {
        { "", "name a command: up, serve, list" },
        { "", "peregrine --help" },
        { "lst http://127.0.0.1:1/mcp", "there is no command \"lst\"; is list meant?" },
        { "bench ovrhead http://127.0.0.1:1/mcp http://127.0.0.1:1/mcp", "ovrhead" },
        { "list", "name a server: a URL such as http://127.0.0.1:8808/mcp, or a command after --" },
        { "list --", "name a server" },
        { "list ftp://example.com", "no http or https URL" },
        { "list http://127.0.0.1:1/mcp -- some-server", "either a URL or a command" },
        { "list http://127.0.0.1:1/mcp --timeout 0", "more than 0" },
        { "list http://127.0.0.1:1/mcp --timeout soon", "soon" },
        { "list http://127.0.0.1:1/mcp --header nonsense", "--header takes NAME:VALUE; found \"nonsense\"" },
        { "list http://127.0.0.1:1/mcp --jsn", "there is no option --jsn of peregrine list; is --json meant?" },
        { "list --timout 5 http://127.0.0.1:1/mcp", "there is no option --timout of peregrine list; is --timeout meant?" },
        { "list --timout=5 -- some-server", "there is no option --timout of peregrine list; is --timeout meant?" },
        { "call --arg {} http://127.0.0.1:1/mcp echo", "there is no option --arg of peregrine call; is --args meant?" },
        { "call http://127.0.0.1:1/mcp echo --message=hello", "there is no option --message of peregrine call" },
        { "init claude-code -x http://127.0.0.1:1/mcp", "there is no option -x of peregrine init" },
        { "up --cofnig servers.json", "there is no option --cofnig of peregrine up; is --config meant?" },
        { "call", "name a server" },
        { "call http://127.0.0.1:1/mcp", "name a tool" },
        { "call echo", "name a server" },
        { "call http://127.0.0.1:1/mcp echo hello", "\"hello\" is no NAME=VALUE" },
        { "call http://127.0.0.1:1/mcp echo --args [1]", "--args takes one JSON object" },
        { "call http://127.0.0.1:1/mcp echo a=1 --args {}", "either with --args or as NAME=VALUE" },
        { "list http://127.0.0.1:1/mcp --tools-only", "--tools-only" },
        { "list --all --prompts http://127.0.0.1:1/mcp", "only one of" },
        { "read http://127.0.0.1:1/mcp", "name one resource" },
        { "read", "name a server" },
        { "prompt http://127.0.0.1:1/mcp", "name a prompt" },
        { "prompt http://127.0.0.1:1/mcp greet name", "\"name\" is no NAME=VALUE" },
        { "doctor", "name a server" },
        { "serve", "either --stdio or --urls" },
        { "serve --stdio --urls http://127.0.0.1:0", "either --stdio or --urls" },
        { "serve --stdio --tools -1", "--tools takes 0 to" },
        { "serve --stdio --tools many", "found \"many\"" },
        { "serve --urls nonsense", "--urls takes addresses such as http://127.0.0.1:8808, with semicolons between them; found \"nonsense\"" },
        { "serve --urls ftp://127.0.0.1:1", "ftp" },
        { "serve --urls http://127.0.0.1:99999", "99999" },
        { "up --urls nonsense", "nonsense" },
        { "up --config", "--config" },
        { "up --config /nowhere/gateway.json", "/nowhere/gateway.json" },
        { "up --stdio --urls http://127.0.0.1:0", "either --stdio or --urls" },
        { "up servers.json", "servers.json" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task Exit_code_2_and_what_to_do_on_standard_error(string typed, string expected)
    {
        var result = await StartedProgram.RunPeregrineAsync(typed.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.Contains("peregrine: ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }
}
